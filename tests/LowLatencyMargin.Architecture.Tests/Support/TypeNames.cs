using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace LowLatencyMargin.Architecture.Tests.Support;

/// <summary>
/// Types in signatures as text: full names without arity, "+" before a nested name, "!0" and "!!0" for the parameters of type and method,
/// "&amp;" for ref, in and out.
/// </summary>
internal sealed class TypeNames : ISignatureTypeProvider<string, object?>
{
    public static readonly TypeNames Instance = new();

    /// <summary>The name of what a type token stands for.</summary>
    public static string Of(MetadataReader metadata, EntityHandle type) => type.Kind switch
    {
        HandleKind.TypeDefinition => Instance.GetTypeFromDefinition(metadata, (TypeDefinitionHandle)type, 0),
        HandleKind.TypeReference => Instance.GetTypeFromReference(metadata, (TypeReferenceHandle)type, 0),
        HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)type).DecodeSignature(Instance, null),
        _ => throw new ArgumentException($"not a type: {type.Kind}", nameof(type)),
    };

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        string name = WithoutArity(reader.GetString(type.Name));
        return type.GetDeclaringType() is { IsNil: false } outer
            ? GetTypeFromDefinition(reader, outer, 0) + "+" + name
            : Qualified(reader.GetString(type.Namespace), name);
    }

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        TypeReference type = reader.GetTypeReference(handle);
        string name = WithoutArity(reader.GetString(type.Name));
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0) + "+" + name
            : Qualified(reader.GetString(type.Namespace), name);
    }

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "System." + typeCode;

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[" + new string(',', shape.Rank - 1) + "]";

    public string GetByReferenceType(string elementType) => elementType + "&";

    public string GetPointerType(string elementType) => elementType + "*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetGenericMethodParameter(object? genericContext, int index) => "!!" + index;

    public string GetGenericTypeParameter(object? genericContext, int index) => "!" + index;

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
        genericType + "<" + string.Join(", ", typeArguments) + ">";

    public string GetFunctionPointerType(MethodSignature<string> signature) =>
        "function(" + string.Join(", ", signature.ParameterTypes.Append(signature.ReturnType)) + ")";

    private static string Qualified(string space, string name) => space.Length == 0 ? name : space + "." + name;

    private static string WithoutArity(string name) => name.IndexOf('`') is > 0 and int mark ? name[..mark] : name;
}
