using System;
using System.Collections.Concurrent;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading.Tasks;
using VaeProcgen.ShaderCompiler;

if (args.Length == 3 && args[0] == "--drawing")
    return DrawingShaders.Compile(args[1], args[2]);
if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: VaeProcgen.ShaderCompiler [--drawing] SHADER_FOLDER OUTPUT_FOLDER");
    return 2;
}

var kernels = Directory.EnumerateFiles(args[0], "*.comp", SearchOption.AllDirectories)
    .Order(StringComparer.Ordinal)
    .Select(path => KernelSource.Read(args[0], path))
    .ToList();
var jobs = kernels
    .SelectMany(kernel => kernel.Paths.SelectMany(path => kernel.Combinations(path).Select(combination => (kernel, combination, path))))
    .ToList();

var compiled = new ConcurrentDictionary<string, byte[]>();
var errors = new ConcurrentBag<string>();
Parallel.ForEach(
    jobs,
    new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
    () => new SpirvCompiler(),
    (job, _, compiler) =>
    {
        string entry = $"{job.kernel.EntryName(job.combination)}.{job.path}.spv";
        try
        {
            byte[] spirv = compiler.Compile(job.kernel, [
                .. job.combination, ("PATH_TEXEL", job.path == KernelSource.Texel ? "1" : "0"), ("PATH_MATRIX", job.path == KernelSource.Matrix ? "1" : "0"),
                ("CONSTANT_COUNT", job.kernel.Constants.Count.ToString()),
            ]);
            compiled[entry] = job.path == KernelSource.Matrix ? CooperativeMatrixRewriter.Rewrite(spirv, job.kernel.Constants.Count) : spirv;
        }
        catch (InvalidDataException e)
        {
            errors.Add(e.Message);
        }

        return compiler;
    },
    compiler => compiler.Dispose());

if (!errors.IsEmpty)
{
    foreach (string error in errors.Order(StringComparer.Ordinal))
        Console.Error.WriteLine(error);
    return 1;
}

Directory.CreateDirectory(args[1]);
using (var archive = new ZipArchive(File.Create(Path.Combine(args[1], "kernels.zip")), ZipArchiveMode.Create))
{
    foreach ((string name, byte[] spirv) in compiled.OrderBy(e => e.Key, StringComparer.Ordinal))
    {
        ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero); // the same sources give the same bytes
        using Stream stream = entry.Open();
        stream.Write(spirv);
    }
}

File.WriteAllText(Path.Combine(args[1], "Kernels.g.cs"), KernelFactoryWriter.Write(kernels));
Console.WriteLine($"Compiled {kernels.Count} kernels to {compiled.Count} SPIR-V modules.");
return 0;
