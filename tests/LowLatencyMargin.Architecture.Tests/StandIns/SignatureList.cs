using System.Text.RegularExpressions;

namespace LowLatencyMargin.Architecture.Tests.StandIns;

/// <summary>
/// The signatures of an upstream package, for the part that its stand-in covers. A list is kept here as an embedded resource, because the
/// package itself can't be restored everywhere.
/// </summary>
internal sealed partial class SignatureList
{
    private readonly Dictionary<string, ListedType> _types;
    private readonly HashSet<string> _mentioned;

    private SignatureList(string text)
    {
        _types = text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToDictionary(type => type.Key);
        _mentioned = [.. Word.Matches(text).Select(match => match.Value)];
    }

    /// <summary>All types.</summary>
    public IReadOnlyCollection<ListedType> Types => _types.Values;

    /// <summary>The list of a package.</summary>
    public static SignatureList Of(string package)
    {
        using Stream stream = typeof(SignatureList).Assembly.GetManifestResourceStream(package + ".txt")!;
        using StreamReader reader = new(stream);
        return new SignatureList(reader.ReadToEnd());
    }

    /// <summary>Whether upstream is known to have a type.</summary>
    public bool Has(string typeKey) => _types.ContainsKey(typeKey);

    /// <summary>Whether a listed signature names a type that is itself not listed, so that at least its name is known.</summary>
    public bool Mentions(string simpleName) => _mentioned.Contains(simpleName);

    /// <summary>Whether a type, or what it derives from, has a member.</summary>
    public bool Has(string typeKey, ListedMember member) => _types.TryGetValue(typeKey, out ListedType? type)
        && (type.Members.Contains(member) || type.Bases.Any(name => Named(name).Any(parent => Has(parent.Key, member))));

    private IEnumerable<ListedType> Named(string simpleName) =>
        _types.Values.Where(type => type.Name.EndsWith("." + simpleName, StringComparison.Ordinal));

    private static ListedType Parse(string block)
    {
        string[] lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Match header = Header.Match(lines[0]);
        if (!header.Success)
        {
            throw new FormatException("not a type: " + lines[0]);
        }

        string[] parameters = Split(header.Groups["parameters"].Value);
        string outer = header.Groups["outer"].Value;
        outer = outer.Length == 0 ? string.Empty : outer.Split('<')[0].TrimEnd('.') + "+";
        ListedType type = new(
            $"{header.Groups["space"].Value}.{outer}{header.Groups["name"].Value}",
            parameters.Length,
            [.. Split(header.Groups["bases"].Value).Select(name => name.Split('<')[0])],
            []);
        if (header.Groups["result"].Success)
        {
            type.Members.Add(new ListedMember(".ctor", "void (object, IntPtr)", IsStatic: false));
            type.Members.Add(Method("Invoke", header.Groups["result"].Value, header.Groups["arguments"].Value, isStatic: false, parameters, []));
        }

        foreach (string line in lines.Skip(1))
        {
            type.Members.AddRange(header.Groups["kind"].Value == "enum" ? EnumValues(line, type) : Members(line.Trim(), parameters));
        }

        return type;
    }

    private static IEnumerable<ListedMember> EnumValues(string line, ListedType type) => line.Split(',')
        .Select(value => new ListedMember(value.Split('=')[0].Trim(), SignatureText.FromMetadata(type.Name), IsStatic: true));

    private static IEnumerable<ListedMember> Members(string line, string[] typeParameters)
    {
        Match member = Member.Match(line);
        if (!member.Success)
        {
            throw new FormatException("not a member: " + line);
        }

        bool isStatic = member.Groups["modifier"].Captures.Any(modifier => modifier.Value is "static " or "const ");
        string type = member.Groups["type"].Value;
        string name = member.Groups["name"].Value;
        string parameters = member.Groups["parameters"].Value;
        if (name.Length == 0)
        {
            return [Method(".ctor", "void", parameters, isStatic: false, typeParameters, [])];
        }

        if (member.Groups["accessors"].Success)
        {
            name = name == "this" ? "Item" : name;
            ListedMember getter = Method("get_" + name, type, parameters, isStatic, typeParameters, []);
            string value = (parameters.Length == 0 ? string.Empty : parameters + ", ") + type + " value";
            return member.Groups["accessors"].Value.Contains("set", StringComparison.Ordinal)
                ? [getter, Method("set_" + name, "void", value, isStatic, typeParameters, [])]
                : [getter];
        }

        return member.Groups["method"].Success
            ? [Method(name, type, parameters, isStatic, typeParameters, Split(member.Groups["generic"].Value))]
            : [new ListedMember(name, SignatureText.FromList(type, typeParameters, []), isStatic)];
    }

    private static ListedMember Method(
        string name, string result, string parameters, bool isStatic, string[] typeParameters, string[] methodParameters) => new(
            name,
            SignatureText.Method(
                SignatureText.FromList(result, typeParameters, methodParameters),
                Split(parameters).Select(parameter => SignatureText.FromList(TypeOf(parameter), typeParameters, methodParameters))),
            isStatic);

    private static string TypeOf(string parameter)
    {
        parameter = parameter.Split(" = ")[0];
        parameter = parameter.StartsWith("params ", StringComparison.Ordinal) ? parameter["params ".Length..] : parameter;
        return parameter[..parameter.LastIndexOf(' ')];
    }

    private static string[] Split(string list)
    {
        List<string> parts = [];
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= list.Length; i++)
        {
            if (i == list.Length || (list[i] == ',' && depth == 0))
            {
                parts.Add(list[start..i].Trim());
                start = i + 1;
            }
            else
            {
                depth += list[i] is '<' or '[' ? 1 : list[i] is '>' or ']' ? -1 : 0;
            }
        }

        return [.. parts.Where(part => part.Length > 0)];
    }

    [GeneratedRegex(@"^(?<space>[\w.]+): (?:(?:sealed|abstract|static|readonly) )*(?<kind>class|struct|interface|enum|delegate (?<result>.+?)) " +
        @"(?<outer>\w+(?:<[^<>]*>)?\.)?(?<name>\w+)(?:<(?<parameters>[^<>]*)>)?(?:\((?<arguments>.*)\))?(?: : (?<bases>.+))?$")]
    private static partial Regex Header { get; }

    [GeneratedRegex(@"^(?<modifier>(?:protected|static|const) )*(?:ctor\((?<parameters>.*)\)|(?<type>.+?) (?<name>\w+)" +
        @"(?:(?<method>(?:<(?<generic>[^<>]*)>)?\((?<parameters>.*)\))|(?:\[(?<parameters>.*)\])? \{ (?<accessors>.+) \}|(?: = .+)?))$")]
    private static partial Regex Member { get; }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word { get; }
}
