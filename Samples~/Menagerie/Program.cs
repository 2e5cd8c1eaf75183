using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Vulkan;

namespace Menagerie;

/// <summary>A game without a window: 1,000 creatures drift and blend for 120 frames, within a budget of device time.</summary>
internal static class Program
{
    private const int Frames = 120;
    private const double FrameSeconds = 1 / 60.0;
    private const int FramesAPicture = 3;

    private static int Main(string[] arguments)
    {
        string output = "menagerie.png";
        double budget = 4;
        bool validate = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--out" && i + 1 < arguments.Length)
                output = arguments[++i];
            else if (arguments[i] == "--budget" && i + 1 < arguments.Length && double.TryParse(arguments[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out budget) && budget > 0)
                i++;
            else if (arguments[i] == "--validation")
                validate = true;
            else
                return Refuse($"Unknown argument '{arguments[i]}'. Usage: Menagerie [--out FILE.png] [--budget MILLISECONDS] [--validation]");
        }

        GpuDevice device = GpuDevice.Create(new GpuDeviceOptions { Validation = validate });
        using (device)
        {
            using TextureModel model = TextureModel.Load(device, Path.Combine(AppContext.BaseDirectory, "creatures.safetensors"));
            using var service = new TextureService(device, budget);
            using TexturePool pool = service.CreatePool(model, new TextureOptions { AlphaThreshold = 0.5f }, largestBatch: 64);
            using var creatures = new Creatures(model, service, pool);
            creatures.Load((float)FrameSeconds);
            var report = new FrameReport(budget);
            AnimatedPng.Save(output, Play(creatures, report), delayMilliseconds: (int)(1000 * FramesAPicture * FrameSeconds));
            report.Write(Console.Out);
            Console.WriteLine($"{Creatures.Count} creatures, {Frames} frames: {Path.GetFullPath(output)}");
        }

        foreach (string message in device.ValidationMessages)
            Console.Error.WriteLine($"Validation: {message}");
        return device.ValidationMessages.Count == 0 ? 0 : 1;
    }

    /// <summary>The loop of a game: one update a frame, sixty times a second. Every few frames it is photographed.</summary>
    private static IEnumerable<PixelImage> Play(Creatures creatures, FrameReport report)
    {
        var clock = Stopwatch.StartNew();
        for (int frame = 0; frame < Frames; frame++)
        {
            long start = Stopwatch.GetTimestamp();
            FrameStatistics statistics = creatures.Update((float)FrameSeconds);
            report.Add(1e3 * (Stopwatch.GetTimestamp() - start) / Stopwatch.Frequency, statistics);
            if (frame % FramesAPicture == FramesAPicture - 1)
            {
                clock.Stop(); // taking pictures is no part of the game
                yield return creatures.Photograph();
                clock.Start();
            }

            double left = ((frame + 1) * FrameSeconds) - clock.Elapsed.TotalSeconds;
            if (left > 0)
                Thread.Sleep(TimeSpan.FromSeconds(left));
        }
    }

    private static int Refuse(string message)
    {
        Console.Error.WriteLine(message);
        return 2;
    }
}
