using System.Text.RegularExpressions;

namespace LowLatencyMargin.Architecture.Tests.StandIns;

/// <summary>
/// One notation for a signature, whether it comes from metadata or from a list: simple names, C# keywords, "!0" and "!!0" for type
/// parameters, "&amp;" after what goes by reference.
/// </summary>
internal static partial class SignatureText
{
    private static readonly Dictionary<string, string> Keywords = new()
    {
        ["Boolean"] = "bool",
        ["Byte"] = "byte",
        ["SByte"] = "sbyte",
        ["Char"] = "char",
        ["Double"] = "double",
        ["Single"] = "float",
        ["Int16"] = "short",
        ["Int32"] = "int",
        ["Int64"] = "long",
        ["UInt16"] = "ushort",
        ["UInt32"] = "uint",
        ["UInt64"] = "ulong",
        ["Object"] = "object",
        ["String"] = "string",
        ["Void"] = "void",
    };

    /// <summary>A method: what comes back, and what goes in.</summary>
    public static string Method(string result, IEnumerable<string> parameters) => $"{result} ({string.Join(", ", parameters)})";

    /// <summary>A type's full metadata name in the common notation.</summary>
    public static string FromMetadata(string type) => Qualified.Replace(type, match => Simple(match.Value));

    /// <summary>A type as a list writes it, in the common notation.</summary>
    public static string FromList(string type, string[] typeParameters, string[] methodParameters)
    {
        type = type.Trim();
        bool byReference = ByReference.IsMatch(type);
        type = ByReference.Replace(type, string.Empty);
        type = GenericOuter.Replace(type, string.Empty);
        type = Qualified.Replace(type, match => Parameter(Simple(match.Value)));
        type = type.EndsWith('?') ? $"Nullable<{type[..^1]}>" : type;
        return byReference ? type + "&" : type;

        string Parameter(string name) =>
            Array.IndexOf(methodParameters, name) is >= 0 and int ofMethod ? "!!" + ofMethod
            : Array.IndexOf(typeParameters, name) is >= 0 and int ofType ? "!" + ofType
            : name;
    }

    private static string Simple(string qualified)
    {
        string name = qualified[(qualified.LastIndexOfAny(['.', '+']) + 1)..];
        return Keywords.GetValueOrDefault(name, name);
    }

    [GeneratedRegex(@"[A-Za-z_][\w.+]*")]
    private static partial Regex Qualified { get; }

    // The lists write Outer<T>.Nested<T>, where metadata has only the nested type and its parameters.
    [GeneratedRegex(@"\w+<[^<>]*>\.(?=\w)")]
    private static partial Regex GenericOuter { get; }

    [GeneratedRegex(@"^(ref readonly|ref|out|in) ")]
    private static partial Regex ByReference { get; }
}
