using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;

namespace VaeProcgen.Tests.Evaluation;

public class CodebookUseTests
{
    [Test]
    public void AllCodesAlikeAreAsManyAsTheirPerplexity() =>
        Assert.That(CodebookUse.Of([0, 1, 2, 3, 3, 2, 1, 0], 4), Is.EqualTo(new CodebookUse(4, 4, 4)).Using<CodebookUse>(Near));

    [Test]
    public void OneCodeHasAPerplexityOfOne() => Assert.That(CodebookUse.Of([5, 5, 5], 8), Is.EqualTo(new CodebookUse(8, 1, 1)).Using<CodebookUse>(Near));

    /// <summary>H = −¾ log ¾ − ¼ log ¼ = 0.5623 nats.</summary>
    [Test]
    public void UnequalUseCountsForLess() =>
        Assert.That(CodebookUse.Of([0, 0, 0, 1], 16), Is.EqualTo(new CodebookUse(16, 2, 1.7547653506)).Using<CodebookUse>(Near));

    private static bool Near(CodebookUse a, CodebookUse b) => a.Codes == b.Codes && a.Used == b.Used && System.Math.Abs(a.Perplexity - b.Perplexity) < 1e-9;
}
