using System;
using System.IO;
using System.Threading.Tasks;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Runtime.Decode;

/// <summary>
/// Hot reload: when the model's file changes, such as after more training, the model takes what is new, and the textures of pools are decoded
/// anew. <see cref="Update"/> only looks at the file's time and size now and then; the file is read in the background.
/// </summary>
public sealed class ModelFileWatch
{
    private readonly TextureModel model;
    private readonly string path;
    private readonly TimeSpan interval;
    private (DateTime Time, long Length) known;
    private DateTime next;
    private Task<VaeModel>? loading;

    /// <param name="model">What was loaded from the file.</param>
    /// <param name="path">The file.</param>
    /// <param name="interval">How often to look; half a second by default.</param>
    public ModelFileWatch(TextureModel model, string path, TimeSpan? interval = null)
    {
        (this.model, this.path, this.interval) = (model, path, interval ?? TimeSpan.FromSeconds(0.5));
        known = Stamp();
    }

    /// <summary>Why the file that is there now was not taken; null when it was. The model stays as it was before.</summary>
    public string? Error { get; private set; }

    /// <summary>Once a frame. True when the model has been replaced.</summary>
    public bool Update()
    {
        if (loading is { IsCompleted: true })
        {
            Task<VaeModel> loaded = loading;
            loading = null;
            return TryTake(loaded);
        }

        if (loading != null || DateTime.UtcNow < next)
            return false;
        next = DateTime.UtcNow + interval;
        (DateTime Time, long Length) found = Stamp();
        if (found == known || found.Length == 0)
            return false;
        known = found;
        loading = Task.Run(() => VaeModel.Load(path));
        return false;
    }

    private bool TryTake(Task<VaeModel> loaded)
    {
        try
        {
            VaeModel read = loaded.GetAwaiter().GetResult();
            Error = null;
            model.Reload(read);
            return true;
        }
        catch (Exception e) when (e is ModelFileException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            Error = e.Message;
            return false;
        }
    }

    private (DateTime Time, long Length) Stamp()
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }
}
