using System.Reflection.Metadata;
using LowLatencyMargin.Architecture.Tests.Support;

namespace LowLatencyMargin.Architecture.Tests.Scan;

/// <summary>Tells structs from classes, across assemblies and through type forwards.</summary>
internal static class ValueTypes
{
    private static readonly string FrameworkFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
    private static readonly Dictionary<string, Dictionary<string, bool>> TypesOf = [];
    private static readonly Lock Gate = new();

    /// <summary>Whether a type token of <paramref name="metadata"/> stands for a struct.</summary>
    public static bool Contains(MetadataReader metadata, EntityHandle type) => type.Kind switch
    {
        HandleKind.TypeDefinition => IsStruct(metadata, metadata.GetTypeDefinition((TypeDefinitionHandle)type)),
        HandleKind.TypeReference => IsStruct(metadata, (TypeReferenceHandle)type),
        HandleKind.TypeSpecification => IsStruct(metadata, metadata.GetTypeSpecification((TypeSpecificationHandle)type)),
        _ => false,
    };

    private static bool IsStruct(MetadataReader metadata, TypeDefinition type) =>
        !type.BaseType.IsNil && TypeNames.Of(metadata, type.BaseType) is "System.ValueType" or "System.Enum";

    private static bool IsStruct(MetadataReader metadata, TypeSpecification type)
    {
        // A generic instance says itself which it is; arrays are objects.
        BlobReader signature = metadata.GetBlobReader(type.Signature);
        return signature.ReadSignatureTypeCode() == SignatureTypeCode.GenericTypeInstance
            && signature.ReadByte() == (byte)SignatureTypeKind.ValueType;
    }

    private static bool IsStruct(MetadataReader metadata, TypeReferenceHandle handle)
    {
        EntityHandle scope = metadata.GetTypeReference(handle).ResolutionScope;
        while (scope.Kind == HandleKind.TypeReference)
        {
            scope = metadata.GetTypeReference((TypeReferenceHandle)scope).ResolutionScope;
        }

        string assembly = metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name);
        string name = TypeNames.Of(metadata, handle);
        lock (Gate)
        {
            return Types(assembly).TryGetValue(name, out bool isStruct)
                ? isStruct
                : throw new InvalidOperationException($"{name} is not in {assembly}: the scan can't tell what it is.");
        }
    }

    private static Dictionary<string, bool> Types(string assembly)
    {
        if (TypesOf.TryGetValue(assembly, out Dictionary<string, bool>? types))
        {
            return types;
        }

        types = [];
        TypesOf[assembly] = types;
        string path = Path.Combine(FrameworkFolder, assembly + ".dll");
        MetadataReader metadata = BuiltAssembly.Open(File.Exists(path) ? path : Path.Combine(AppContext.BaseDirectory, assembly + ".dll")).Metadata;
        foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
        {
            TypeDefinition type = metadata.GetTypeDefinition(handle);
            if (type.GetGenericParameters().Count == 0)
            {
                types[TypeNames.Of(metadata, handle)] = IsStruct(metadata, type);
            }
        }

        foreach (string target in metadata.ExportedTypes
            .Select(metadata.GetExportedType)
            .Where(type => type.Implementation.Kind == HandleKind.AssemblyReference)
            .Select(type => metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.Implementation).Name))
            .Distinct()
            .ToArray())
        {
            foreach ((string name, bool isStruct) in Types(target))
            {
                types.TryAdd(name, isStruct);
            }
        }

        return types;
    }
}
