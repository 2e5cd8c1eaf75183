using System.Threading;
using System.Threading.Tasks;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Runtime.Decode;

/// <summary>A texture whose pixels someone awaits.</summary>
internal sealed class AsyncRequest
{
    public AsyncRequest(TextureHandle texture, CancellationToken cancellation) => (Texture, Cancellation) = (texture, cancellation);

    public TextureHandle Texture { get; }

    public CancellationToken Cancellation { get; }

    public TaskCompletionSource<PixelImage> Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
