using System.Text.Json;
using System.Text.Json.Serialization;

namespace VaeProcgen.Editor.Latents;

/// <summary>How this folder's reports are written as JSON.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Of<T>(T report) => JsonSerializer.Serialize(report, Options);
}
