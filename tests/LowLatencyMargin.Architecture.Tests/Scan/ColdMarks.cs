using System.Reflection.Metadata;
using LowLatencyMargin.Architecture.Tests.Support;
using LowLatencyMargin.Core;

namespace LowLatencyMargin.Architecture.Tests.Scan;

/// <summary>Which methods of an assembly are marked with <see cref="ColdPathAttribute"/>, themselves or by what holds them.</summary>
internal sealed class ColdMarks
{
    private readonly MetadataReader _metadata;
    private readonly HashSet<MethodDefinitionHandle> _marked = [];
    private readonly HashSet<TypeDefinitionHandle> _markedTypes = [];

    public ColdMarks(MetadataReader metadata)
    {
        _metadata = metadata;
        foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
        {
            TypeDefinition type = metadata.GetTypeDefinition(handle);
            if (HasMark(type.GetCustomAttributes()))
            {
                _markedTypes.Add(handle);
            }

            foreach (PropertyDefinition property in type.GetProperties().Select(metadata.GetPropertyDefinition))
            {
                if (HasMark(property.GetCustomAttributes()))
                {
                    _marked.Add(property.GetAccessors().Getter);
                    _marked.Add(property.GetAccessors().Setter);
                }
            }

            _marked.UnionWith(type.GetMethods().Where(method => HasMark(metadata.GetMethodDefinition(method).GetCustomAttributes())));
        }
    }

    /// <summary>Whether a method may do what hot ones may not.</summary>
    public bool IsCold(MethodDefinitionHandle handle)
    {
        MethodDefinition method = _metadata.GetMethodDefinition(handle);
        TypeDefinitionHandle typeHandle = method.GetDeclaringType();
        if (_marked.Contains(handle) || IsColdType(typeHandle))
        {
            return true;
        }

        TypeDefinition type = _metadata.GetTypeDefinition(typeHandle);
        string typeName = _metadata.GetString(type.Name);
        string name = _metadata.GetString(method.Name);
        if (typeName == "<PrivateImplementationDetails>")
        {
            // The compiler's own throw helpers, for switches that cover everything: nobody can mark them.
            return name.StartsWith("Throw", StringComparison.Ordinal);
        }

        // A local function or lambda belongs to the method that it is written in: <Name>g__..., <Name>b__..., perhaps in a class <>c.
        return WrittenIn(name) is { } owner && AllCold(typeName.StartsWith('<') ? type.GetDeclaringType() : typeHandle, owner);
    }

    private static string? WrittenIn(string name)
    {
        int end = name.IndexOf('>');
        return name.StartsWith('<') && end > 1 ? name[1..end] : null;
    }

    private bool AllCold(TypeDefinitionHandle type, string name)
    {
        if (type.IsNil)
        {
            return false;
        }

        MethodDefinitionHandle[] named =
        [
            .. _metadata.GetTypeDefinition(type).GetMethods()
                .Where(method => _metadata.StringComparer.Equals(_metadata.GetMethodDefinition(method).Name, name)),
        ];
        return named.Length > 0 && named.All(_marked.Contains);
    }

    private bool IsColdType(TypeDefinitionHandle type)
    {
        for (; !type.IsNil; type = _metadata.GetTypeDefinition(type).GetDeclaringType())
        {
            if (_markedTypes.Contains(type))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasMark(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttribute attribute in attributes.Select(_metadata.GetCustomAttribute))
        {
            EntityHandle type = attribute.Constructor.Kind == HandleKind.MethodDefinition
                ? _metadata.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType()
                : _metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
            if (TypeNames.Of(_metadata, type) == typeof(ColdPathAttribute).FullName)
            {
                return true;
            }
        }

        return false;
    }
}
