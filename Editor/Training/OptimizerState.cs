using System;
using System.Collections.Generic;
using System.Globalization;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Editor.Training;

/// <summary>Everything that training carries from step to step, as stored on the device: with the step's number, all that a resumption needs.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Weights">Stored layout of the parameter set.</param>
/// <param name="FirstMoment">Of AdamW.</param>
/// <param name="SecondMoment">Of AdamW.</param>
/// <param name="Average">Moving average of the weights.</param>
/// <param name="Carried">What else is carried from step to step, by the names of its tensors.</param>
public sealed record OptimizerState(
    long Step, float[] Weights, float[] FirstMoment, float[] SecondMoment, float[] Average, IReadOnlyDictionary<string, float[]> Carried)
{
    /// <summary>Before the name of a carried tensor in a file.</summary>
    public const string CarriedPrefix = "carried.";

    /// <summary>Whether every number is finite.</summary>
    public bool IsFinite()
    {
        foreach (float[] values in (float[][])[Weights, FirstMoment, SecondMoment, Average, .. Carried.Values])
            foreach (float value in values)
                if (!float.IsFinite(value))
                    return false;
        return true;
    }

    /// <summary>Writes a checkpoint beside the old one and renames it.</summary>
    public void Save(string path, IReadOnlyDictionary<string, string> metadata)
    {
        var writer = new SafetensorsWriter();
        foreach ((string key, string value) in metadata)
            writer.Metadata[key] = value;
        writer.Metadata["step"] = Step.ToString(CultureInfo.InvariantCulture);
        writer.AddFloats("weights", Weights, Weights.Length);
        writer.AddFloats("first_moment", FirstMoment, FirstMoment.Length);
        writer.AddFloats("second_moment", SecondMoment, SecondMoment.Length);
        writer.AddFloats("average", Average, Average.Length);
        foreach ((string name, float[] values) in Carried)
            writer.AddFloats(CarriedPrefix + name, values, values.Length);
        writer.Save(path);
    }
}
