using System;
using System.IO;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;

ulong seed = args.Length > 0 ? ulong.Parse(args[0]) : 7;
using GpuDevice device = GpuDevice.Create();
using TextureModel creatures = TextureModel.Load(device, Path.Combine(AppContext.BaseDirectory, "creatures.safetensors"));
PixelImage texture = creatures.Decode(creatures.File.Sample(seed));
Png.Save(args.Length > 1 ? args[1] : "hello.png", texture);
