using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;

namespace VaeProcgen.Runtime.Latents;

/// <summary>
/// Latents as text. JSON: <c>{"values":[0.5,-1],"label":3}</c>, without a label where there is none. Base64: a version (1 byte), the
/// label (int32), half of the content hash (uint32) and the values (float32), all little-endian.
/// </summary>
internal static class LatentText
{
    private const byte Version = 1;
    private const int ValuesStart = 9;

    public static string ToJson(Latent latent)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("values");
            foreach (float value in Required(latent).Values)
                json.WriteNumberValue(value);
            json.WriteEndArray();
            if (latent.Label >= 0)
                json.WriteNumber("label", latent.Label);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    public static Latent FromJson(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw NotJson($"found {Kind(document.RootElement)}");
            float[]? values = null;
            int label = -1;
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                switch (property.Name)
                {
                    case "values":
                        values = Floats(property.Value);
                        break;
                    case "label":
                        label = property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetInt32(out int place)
                            ? place
                            : throw NotJson($"found {Kind(property.Value)} as its label");
                        break;
                    default:
                        throw NotJson($"found '{property.Name}'");
                }
            }

            return Latent.Owning(values ?? throw NotJson("found no values"), label);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The latent is not valid JSON: {e.Message}", e);
        }
    }

    public static string ToBase64(Latent latent)
    {
        ReadOnlySpan<float> values = Required(latent).Values;
        var bytes = new byte[ValuesStart + (4 * values.Length)];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), latent.Label);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(5), (uint)latent.ContentHash);
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(ValuesStart + (4 * i)), BitConverter.SingleToInt32Bits(values[i]));
        return Convert.ToBase64String(bytes);
    }

    public static Latent FromBase64(string text)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(text);
        }
        catch (FormatException e)
        {
            throw new ArgumentException($"The latent is not valid base64: {e.Message}", e);
        }

        if (bytes.Length > 0 && bytes[0] != Version)
            throw new ArgumentException($"The latent is of version {bytes[0]}, or none at all; this version reads {Version}.");
        if (bytes.Length <= ValuesStart || (bytes.Length - ValuesStart) % 4 != 0)
        {
            throw new ArgumentException(
                $"The latent has {bytes.Length} bytes; expected {ValuesStart} and 4 for each value. It was cut short.");
        }

        var values = new float[(bytes.Length - ValuesStart) / 4];
        for (int i = 0; i < values.Length; i++)
            values[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(ValuesStart + (4 * i))));
        int label = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(1));
        if ((uint)LatentHash.Of(values, label) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(5)))
        {
            throw new ArgumentException(
                $"The latent does not have the hash that it states: its {bytes.Length} bytes were cut short or changed.");
        }

        return Latent.Owning(values, label);
    }

    private static Latent Required(Latent latent) =>
        latent.IsEmpty ? throw new ArgumentException("An empty latent can't be written. Sample one, or name an asset.") : latent;

    private static float[] Floats(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw NotJson($"found {Kind(element)} as its values");
        var values = new List<float>(element.GetArrayLength());
        foreach (JsonElement value in element.EnumerateArray())
        {
            values.Add(value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number)
                ? number
                : throw NotJson($"found {Kind(value)} as value {values.Count}"));
        }

        return values.ToArray();
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => $"the number {element.GetRawText()}",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        _ => element.GetRawText(),
    };

    private static ArgumentException NotJson(string found) =>
        new($"A latent in JSON has \"values\", an array of numbers, and may have a \"label\", a whole number; {found}.");
}
