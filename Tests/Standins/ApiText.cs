using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VaeProcgen.Tests.Standins;

/// <summary>The public members of a type, written as an <see cref="ApiListing"/> writes them.</summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Aliases = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint",
        [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(nint)] = "nint", [typeof(nuint)] = "nuint",
        [typeof(float)] = "float", [typeof(double)] = "double", [typeof(string)] = "string", [typeof(object)] = "object",
    };

    /// <summary>The full name: namespace, outer types, and type parameters by name.</summary>
    public static string FullName(Type type) => type.Namespace + "." + Name(type);

    public static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    /// <summary>What a delegate's line says after its name.</summary>
    public static string Signature(Type type)
    {
        MethodInfo invoke = type.GetMethod("Invoke")!;
        return $"{Name(invoke.ReturnType)} ({Parameters(invoke)})";
    }

    public static IEnumerable<MemberInfo> Members(Type type) => type.GetMembers(Declared).Where(member => member switch
    {
        Type => false,
        FieldInfo field => !field.IsSpecialName,
        MethodInfo method => (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) &&
            method.Name is not ("Equals" or "GetHashCode" or "ToString"),
        _ => true,
    });

    public static string Of(MemberInfo member) => member switch
    {
        FieldInfo field => Of(field),
        PropertyInfo property =>
            $"{Name(property.PropertyType)} {property.Name} {{ get; {(property.GetSetMethod() is null ? "" : "set; ")}}}",
        ConstructorInfo constructor => $"ctor({Parameters(constructor)})",
        MethodInfo method =>
            $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}{Arguments(method)}({Parameters(method)})",
        _ => member.ToString()!,
    };

    private static string Of(FieldInfo field)
    {
        if (field.DeclaringType!.IsEnum)
        {
            return $"{field.Name} = {Convert.ChangeType(field.GetRawConstantValue(), Enum.GetUnderlyingType(field.DeclaringType))}";
        }
        if (field.IsLiteral)
        {
            return $"const {Name(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}";
        }
        if (field.IsStatic)
        {
            return $"static {Name(field.FieldType)} {field.Name}";
        }
        FixedBufferAttribute? array = field.GetCustomAttribute<FixedBufferAttribute>();
        string type = array is null ? Name(field.FieldType) : $"fixed {Name(array.ElementType)}[{array.Length}]";
        return field.DeclaringType is { IsValueType: true, ContainsGenericParameters: false } owner
            ? $"{type} {field.Name} @{Marshal.OffsetOf(owner, field.Name)}"
            : $"{type} {field.Name}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        Type type = parameter.ParameterType;
        string by = !type.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        string value = !parameter.IsOptional ? "" : parameter.RawDefaultValue is bool or (>= int.MinValue and <= int.MaxValue) or uint
            && !type.IsEnum ? $" = {parameter.RawDefaultValue}" : " = default";
        return $"{by}{Name(type.IsByRef ? type.GetElementType()! : type)} {parameter.Name}{value}";
    }));

    private static string Arguments(MethodInfo method) => method.IsGenericMethod
        ? $"<{string.Join(",", method.GetGenericArguments().Select(argument => argument.Name))}>"
        : "";

    /// <summary>A type's name: C# keywords, outer types, and nothing at all for a function pointer.</summary>
    private static string Name(Type type)
    {
        if (Aliases.TryGetValue(type, out string? alias))
        {
            return alias;
        }
        if (type.IsFunctionPointer)
        {
            return "";
        }
        if (type.HasElementType)
        {
            return Name(type.GetElementType()!) + (type.IsPointer ? "*" : type.IsByRef ? "&" : "[]");
        }
        string name = type.Name.Split('`')[0];
        if (type.IsGenericType)
        {
            name += $"<{string.Join(",", type.GetGenericArguments().Select(Name))}>";
        }
        return type is { IsNested: true, IsGenericParameter: false } ? Name(type.DeclaringType!) + "." + name : name;
    }
}
