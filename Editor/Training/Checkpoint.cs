using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>A checkpoint that has been read; whatever is wrong with it becomes an error that says how to go on.</summary>
public sealed class Checkpoint
{
    private readonly SafetensorsFile file;

    private Checkpoint(SafetensorsFile file) => this.file = file;

    /// <exception cref="TrainingException">The file can't be read, or is damaged.</exception>
    public static Checkpoint Read(string path)
    {
        try
        {
            return new Checkpoint(SafetensorsFile.Read(path));
        }
        catch (ModelFileException e)
        {
            throw Unusable(path, e.Message, e);
        }
    }

    /// <summary>A text that was stored with it.</summary>
    /// <exception cref="TrainingException">There is none of that name.</exception>
    public string Text(string name) =>
        file.Metadata.TryGetValue(name, out string? value) ? value : throw Unusable(file.Source, $"it has no '{name}'");

    /// <inheritdoc cref="Text"/>
    /// <exception cref="TrainingException">There is none of that name, or it is no whole number.</exception>
    public long Number(string name) => long.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out long value)
        ? value
        : throw Unusable(file.Source, $"its '{name}' is '{Text(name)}', not a whole number");

    /// <summary>What <see cref="OptimizerState.Save"/> wrote.</summary>
    /// <param name="count">Stored floats of the parameter set.</param>
    /// <param name="carried">What is carried from step to step beside weights and moments.</param>
    /// <exception cref="TrainingException">A part is missing, or belongs to a network of another size.</exception>
    public OptimizerState State(long count, IReadOnlyList<Tensor>? carried = null)
    {
        try
        {
            return new OptimizerState(Number("step"), file.GetFloats("weights", count), file.GetFloats("first_moment", count),
                file.GetFloats("second_moment", count), file.GetFloats("average", count),
                (carried ?? []).ToDictionary(t => t.Name, t => file.GetFloats(OptimizerState.CarriedPrefix + t.Name, t.Shape.Count)));
        }
        catch (ModelFileException e)
        {
            throw Unusable(file.Source, e.Message, e);
        }
    }

    private static TrainingException Unusable(string path, string what, System.Exception? cause = null)
    {
        string remedy = "Delete the run folder and start again without --resume.";
        string message = $"The checkpoint {path} can't be used: {what.TrimEnd('.')}. {remedy}";
        return cause == null ? new TrainingException(message) : new TrainingException(message, cause);
    }
}
