using System;
using NUnit.Framework;

namespace VaeProcgen.Tests;

/// <summary>Every device that any test opens, in this process or in one that it starts, runs under the validation layer.</summary>
[SetUpFixture]
public sealed class ValidationEverywhere
{
    private const string Variable = "VAEPROCGEN_VALIDATION";

    [OneTimeSetUp]
    public void Set() => Environment.SetEnvironmentVariable(Variable, "1");

    [OneTimeTearDown]
    public void Clear() => Environment.SetEnvironmentVariable(Variable, null);
}
