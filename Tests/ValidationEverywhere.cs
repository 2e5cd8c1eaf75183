using System;
using NUnit.Framework;

namespace VaeProcgen.Tests;

/// <summary>
/// Every device that any test opens, in this process or in one that it starts, runs under the validation layer, and by the usual tiles: what one
/// machine remembers, or the time that measuring takes, is not to make tests differ.
/// </summary>
[SetUpFixture]
public sealed class ValidationEverywhere
{
    private static readonly (string Variable, string Value)[] All = [("VAEPROCGEN_VALIDATION", "1"), ("VAEPROCGEN_TUNING", "off")];

    [OneTimeSetUp]
    public void Set()
    {
        foreach ((string variable, string value) in All)
            Environment.SetEnvironmentVariable(variable, value);
    }

    [OneTimeTearDown]
    public void Clear()
    {
        foreach ((string variable, _) in All)
            Environment.SetEnvironmentVariable(variable, null);
    }
}
