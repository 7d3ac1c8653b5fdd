using System.Reflection;
using System.Reflection.Metadata;
using LowLatencyMargin.Architecture.Tests.Support;

namespace LowLatencyMargin.Architecture.Tests.StandIns;

/// <summary>What an assembly uses of a package, and what a stand-in declares of it, read from metadata.</summary>
internal static class StandInUse
{
    /// <summary>Everything that <paramref name="user"/> takes from <paramref name="package"/> and that the list doesn't have.</summary>
    public static List<string> Unlisted(BuiltAssembly user, string package, SignatureList list)
    {
        MetadataReader metadata = user.Metadata;
        List<string> unlisted = [];
        foreach (TypeReferenceHandle type in TypesOf(metadata, package))
        {
            string key = KeyOf(metadata, type);
            if (!list.Has(key) && !list.Mentions(metadata.GetString(metadata.GetTypeReference(type).Name).Split('`')[0]))
            {
                unlisted.Add(key);
            }
        }

        foreach ((string key, ListedMember member) in MembersOf(metadata, package))
        {
            if (!list.Has(key, member))
            {
                unlisted.Add($"{key}: {member}");
            }
        }

        return unlisted;
    }

    /// <summary>The types of a package that an assembly refers to.</summary>
    public static IEnumerable<TypeReferenceHandle> TypesOf(MetadataReader metadata, string package) =>
        metadata.TypeReferences.Where(type => IsOf(metadata, type, package));

    /// <summary>The members of a package that an assembly refers to, with the keys of their types.</summary>
    public static IEnumerable<(string Key, ListedMember Member)> MembersOf(MetadataReader metadata, string package)
    {
        foreach (MemberReference member in metadata.MemberReferences.Select(metadata.GetMemberReference))
        {
            if (GenericOrPlain(metadata, member.Parent) is { IsNil: false } type && IsOf(metadata, type, package))
            {
                string name = metadata.GetString(member.Name);
                yield return (KeyOf(metadata, type), member.GetKind() == MemberReferenceKind.Field
                    ? new ListedMember(name, SignatureText.FromMetadata(member.DecodeFieldSignature(TypeNames.Instance, null)), IsStatic: true)
                    : Describe(name, member.DecodeMethodSignature(TypeNames.Instance, null)));
            }
        }
    }

    /// <summary>The public and protected members that a stand-in declares, with the keys of their types.</summary>
    public static IEnumerable<(string Key, ListedMember Member)> DeclaredBy(BuiltAssembly standIn)
    {
        MetadataReader metadata = standIn.Metadata;
        foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions.Where(type => IsVisible(metadata, type)))
        {
            TypeDefinition type = metadata.GetTypeDefinition(handle);
            string key = ListedType.KeyOf(TypeNames.Of(metadata, handle), type.GetGenericParameters().Count);
            foreach (MethodDefinition method in type.GetMethods().Select(metadata.GetMethodDefinition))
            {
                string name = metadata.GetString(method.Name);
                if (IsVisible((MethodAttributes)((int)method.Attributes & (int)MethodAttributes.MemberAccessMask)) && name != ".cctor")
                {
                    yield return (key, Describe(name, method.DecodeSignature(TypeNames.Instance, null)));
                }
            }

            foreach (FieldDefinition field in type.GetFields().Select(metadata.GetFieldDefinition))
            {
                MethodAttributes access = (MethodAttributes)((int)field.Attributes & (int)FieldAttributes.FieldAccessMask);
                string name = metadata.GetString(field.Name);
                if (IsVisible(access) && name != "value__")
                {
                    string fieldType = SignatureText.FromMetadata(field.DecodeSignature(TypeNames.Instance, null));
                    yield return (key, new ListedMember(name, fieldType, field.Attributes.HasFlag(FieldAttributes.Static)));
                }
            }
        }
    }

    private static ListedMember Describe(string name, MethodSignature<string> signature) => new(
        name,
        SignatureText.Method(SignatureText.FromMetadata(signature.ReturnType), signature.ParameterTypes.Select(SignatureText.FromMetadata)),
        !signature.Header.IsInstance);

    private static bool IsVisible(MethodAttributes access) =>
        access is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private static bool IsVisible(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic => IsVisible(metadata, type.GetDeclaringType()),
            _ => false,
        };
    }

    private static bool IsOf(MetadataReader metadata, TypeReferenceHandle type, string package)
    {
        EntityHandle scope = metadata.GetTypeReference(type).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => IsOf(metadata, (TypeReferenceHandle)scope, package),
            HandleKind.AssemblyReference =>
                metadata.StringComparer.Equals(metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name, package),
            _ => false,
        };
    }

    private static TypeReferenceHandle GenericOrPlain(MetadataReader metadata, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeSpecification)
        {
            BlobReader signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
            if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            {
                return default;
            }

            signature.ReadByte();
            parent = signature.ReadTypeHandle();
        }

        return parent.Kind == HandleKind.TypeReference ? (TypeReferenceHandle)parent : default;
    }

    private static string KeyOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        int arity = 0;
        for (EntityHandle type = handle; type.Kind == HandleKind.TypeReference;)
        {
            TypeReference reference = metadata.GetTypeReference((TypeReferenceHandle)type);
            string name = metadata.GetString(reference.Name);
            arity += name.Contains('`') ? int.Parse(name[(name.IndexOf('`') + 1)..]) : 0;
            type = reference.ResolutionScope;
        }

        return ListedType.KeyOf(TypeNames.Of(metadata, handle), arity);
    }
}
