// The few compiler-facing types that netstandard2.1 lacks; each is part of net10.0 under the same name.
#if NETSTANDARD2_1
namespace System.Runtime.CompilerServices
{
    internal static class IsExternalInit { }

    [System.AttributeUsage(System.AttributeTargets.All, AllowMultiple = true, Inherited = false)]
    internal sealed class CompilerFeatureRequiredAttribute : System.Attribute
    {
        public CompilerFeatureRequiredAttribute(string featureName) => FeatureName = featureName;

        public string FeatureName { get; }
    }

    [System.AttributeUsage(System.AttributeTargets.All, Inherited = false)]
    internal sealed class RequiredMemberAttribute : System.Attribute { }
}
#endif
