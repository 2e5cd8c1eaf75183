using NUnit.Framework;

// Two fixtures at a time: while one waits for the driver to compile its kernels, the other runs. What watches the whole process, or all memory of
// a device, is marked NonParallelizable.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(2)]
