using System.Xml.Linq;

namespace LowLatencyMargin.Architecture.Tests.Support;

/// <summary>What a project file says about what it depends on.</summary>
internal sealed class ProjectFile
{
    public ProjectFile(string file)
    {
        File = file;
        Name = Path.GetFileNameWithoutExtension(file);
        Folder = file[..file.IndexOf('/')];
        XDocument xml = XDocument.Load(Repository.PathOf(file));
        Linked = [.. References(xml, linked: true)];
        BuiltBefore = [.. References(xml, linked: false)];
        StandIns = [.. xml.Descendants("StandIn").SelectMany(item => Split((string?)item.Attribute("Include")))];
        Packages = [.. xml.Descendants("PackageReference").SelectMany(item => Split((string?)item.Attribute("Include")))];
        AssemblyName = xml.Descendants("AssemblyName").FirstOrDefault()?.Value ?? Name;
    }

    /// <summary>Path from the root.</summary>
    public string File { get; }

    /// <summary>Name of the project.</summary>
    public string Name { get; }

    /// <summary>src, tests, perf or tools.</summary>
    public string Folder { get; }

    /// <summary>Name of what it builds.</summary>
    public string AssemblyName { get; }

    /// <summary>Projects that it references by path and links.</summary>
    public IReadOnlyList<string> Linked { get; }

    /// <summary>Projects that are only built before it.</summary>
    public IReadOnlyList<string> BuiltBefore { get; }

    /// <summary>Stand-ins that it uses by name.</summary>
    public IReadOnlyList<string> StandIns { get; }

    /// <summary>Packages that it uses.</summary>
    public IReadOnlyList<string> Packages { get; }

    /// <summary>Everything of ours that it links directly.</summary>
    public IEnumerable<string> DependsOn => Linked.Concat(StandIns);

    /// <summary>Everything of ours that it sees, however far away.</summary>
    public HashSet<string> Sees()
    {
        HashSet<string> seen = [];
        Stack<string> open = new(DependsOn);
        while (open.TryPop(out string? name))
        {
            if (seen.Add(name) && Repository.Projects.TryGetValue(name, out ProjectFile? project))
            {
                foreach (string next in project.DependsOn)
                {
                    open.Push(next);
                }
            }
        }

        return seen;
    }

    /// <summary>Where the build leaves its assembly.</summary>
    public string OutputPath =>
        Path.Combine(Repository.Root, Path.GetDirectoryName(File)!, "bin", Repository.Configuration, "net10.0", AssemblyName + ".dll");

    private static IEnumerable<string> References(XDocument xml, bool linked) => xml.Descendants("ProjectReference")
        .Where(item => (string?)item.Attribute("ReferenceOutputAssembly") != "false" == linked)
        .SelectMany(item => Split((string?)item.Attribute("Include")))
        .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

    private static string[] Split(string? items) =>
        (items ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
