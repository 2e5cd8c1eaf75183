namespace Silk.NET.Shaderc;

/// <summary>How a compilation ended.</summary>
public enum CompilationStatus
{
    Success = 0, InvalidStage = 1, CompilationError = 2, InternalError = 3, NullResultObject = 4, InvalidAssembly = 5,
    ValidationError = 6, TransformationError = 7, ConfigurationError = 8,
}

/// <summary>A version of a target environment, as Vulkan packs it.</summary>
public enum EnvVersion
{
    Vulkan10 = 4194304, Vulkan11 = 4198400, Vulkan12 = 4202496, Vulkan13 = 4206592, Opengl45 = 450, Webgpu = 451,
}

/// <summary>How much the SPIR-V is optimised.</summary>
public enum OptimizationLevel
{
    Zero = 0, Size = 1, Performance = 2,
}

/// <summary>The stage a shader is for.</summary>
public enum ShaderKind
{
    VertexShader = 0, FragmentShader = 1, ComputeShader = 2, GeometryShader = 3, TessControlShader = 4, TessEvaluationShader = 5,
    GlslVertexShader = 0, GlslFragmentShader = 1, GlslComputeShader = 2, GlslGeometryShader = 3, GlslTessControlShader = 4,
    GlslTessEvaluationShader = 5, GlslInferFromSource = 6, GlslDefaultVertexShader = 7, GlslDefaultFragmentShader = 8,
    GlslDefaultComputeShader = 9, GlslDefaultGeometryShader = 10, GlslDefaultTessControlShader = 11,
    GlslDefaultTessEvaluationShader = 12, SpirvAssembly = 13, RaygenShader = 14, AnyhitShader = 15, ClosesthitShader = 16,
    MissShader = 17, IntersectionShader = 18, CallableShader = 19, GlslRaygenShader = 14, GlslAnyhitShader = 15,
    GlslClosesthitShader = 16, GlslMissShader = 17, GlslIntersectionShader = 18, GlslCallableShader = 19, GlslDefaultRaygenShader = 20,
    GlslDefaultAnyhitShader = 21, GlslDefaultClosesthitShader = 22, GlslDefaultMissShader = 23, GlslDefaultIntersectionShader = 24,
    GlslDefaultCallableShader = 25, TaskShader = 26, MeshShader = 27, GlslTaskShader = 26, GlslMeshShader = 27,
    GlslDefaultTaskShader = 28, GlslDefaultMeshShader = 29,
}

/// <summary>The language of the source.</summary>
public enum SourceLanguage
{
    Glsl = 0, Hlsl = 1,
}

/// <summary>A version of SPIR-V.</summary>
public enum SpirvVersion
{
    Shaderc10 = 65536, Shaderc11 = 65792, Shaderc12 = 66048, Shaderc13 = 66304, Shaderc14 = 66560, Shaderc15 = 66816,
    Shaderc16 = 67072,
}

/// <summary>The API that the SPIR-V is for.</summary>
public enum TargetEnv
{
    Vulkan = 0, Opengl = 1, OpenglCompat = 2, Webgpu = 3, Default = 0,
}
