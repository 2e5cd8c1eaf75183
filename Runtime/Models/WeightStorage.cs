namespace VaeProcgen.Runtime.Models;

/// <summary>How a model file holds weights and priors.</summary>
public enum WeightStorage
{
    /// <summary>As they were trained.</summary>
    Single,

    /// <summary>
    /// Rounded to IEEE 754 binary16: half the size. The model that is read back has the rounded weights, and their
    /// <see cref="VaeModel.Hash"/>. Statistics, assets and directions stay whole.
    /// </summary>
    Half,
}
