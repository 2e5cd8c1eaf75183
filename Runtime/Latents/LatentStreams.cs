namespace VaeProcgen.Runtime.Latents;

/// <summary>The Philox streams of what is done to latents by chance, apart from those of priors and of training.</summary>
internal static class LatentStreams
{
    public const uint CrossOver = 0x900;
    public const uint MutationNoise = 0x901;
    public const uint MutationChoice = 0x902;
    public const uint MutationSample = 0x903;
}
