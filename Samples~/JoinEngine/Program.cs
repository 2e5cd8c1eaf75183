using System;
using System.Collections.Generic;
using System.IO;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;

namespace JoinEngine;

/// <summary>An engine with a Vulkan device of its own draws 256 creatures from layers of its own image.</summary>
internal static class Program
{
    private const uint Count = 256;
    private const uint FrameSide = 1024;

    private static int Main(string[] arguments)
    {
        var output = "frame.png";
        var validate = false;
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--validation":
                    validate = true;
                    break;
                case "--out" when i + 1 < arguments.Length:
                    output = arguments[++i];
                    break;
                default:
                    Console.Error.WriteLine($"Unknown argument '{arguments[i]}'. Usage: JoinEngine [--out FILE.png] [--validation]");
                    return 2;
            }
        }

        using var validation = validate ? new Validation() : null;
        Png.Save(output, Draw(validation));
        Console.WriteLine($"{Count} creatures: {Path.GetFullPath(output)}");
        return Report(validation?.Messages ?? []);
    }

    private static PixelImage Draw(Validation? validation)
    {
        var model = VaeModel.Load(Path.Combine(AppContext.BaseDirectory, "creatures.safetensors"));
        using var engine = new Engine(validation);
        using var texture = new ArrayTexture(engine, (uint)model.Architecture.Width, Count);
        Creatures.DecodeInto(engine, texture, model);
        using var target = new RenderTarget(engine, FrameSide);
        using var renderer = new QuadRenderer(engine, target, texture);
        using var readback = new FrameReadback(engine, target);
        engine.Run(commands =>
        {
            renderer.Draw(commands);
            readback.Record(commands);
        });
        return readback.ToImage();
    }

    /// <summary>Messages of the validation layer make the program fail.</summary>
    private static int Report(IReadOnlyCollection<string> messages)
    {
        foreach (var message in messages)
        {
            Console.Error.WriteLine($"Validation: {message}");
        }

        return messages.Count == 0 ? 0 : 1;
    }
}
