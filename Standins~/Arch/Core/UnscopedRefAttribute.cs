#if NETSTANDARD2_1
namespace System.Diagnostics.CodeAnalysis;

/// <summary>Lets a structure's method give out a reference to the structure; part of net10.0 under the same name.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Parameter, Inherited = false)]
internal sealed class UnscopedRefAttribute : Attribute { }
#endif
