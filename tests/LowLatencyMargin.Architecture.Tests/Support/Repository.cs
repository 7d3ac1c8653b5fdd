using System.Reflection;
using System.Text.RegularExpressions;

namespace LowLatencyMargin.Architecture.Tests.Support;

/// <summary>The source tree that this assembly was built from.</summary>
internal static class Repository
{
    private static readonly string[] SkippedFolders =
        ["bin", "obj", ".git", ".vs", ".idea", "TestResults", "BenchmarkDotNet.Artifacts", "node_modules"];

    /// <summary>The folder of the solution file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release: how this assembly, and so its neighbours, were built.</summary>
    public static string Configuration { get; } =
        typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>Every file that belongs to the sources, as a path from the root with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(Root).Order(StringComparer.Ordinal)];

    /// <summary>All projects by name.</summary>
    public static IReadOnlyDictionary<string, ProjectFile> Projects { get; } = Files
        .Where(file => file.EndsWith(".csproj", StringComparison.Ordinal))
        .Select(file => new ProjectFile(file))
        .ToDictionary(project => project.Name);

    /// <summary>Files with an extension (with its dot).</summary>
    public static IEnumerable<string> WithExtension(string extension) => Files.Where(file => file.EndsWith(extension, StringComparison.Ordinal));

    /// <summary>The full path of a file.</summary>
    public static string PathOf(string file) => Path.Combine(Root, file);

    /// <summary>The text of a file.</summary>
    public static string Read(string file) => File.ReadAllText(PathOf(file));

    /// <summary>Every place where <paramref name="pattern"/> stands in <paramref name="files"/>, as "file:line: text".</summary>
    public static List<string> Grep(IEnumerable<string> files, Regex pattern)
    {
        List<string> found = [];
        foreach (string file in files)
        {
            string[] lines = File.ReadAllLines(PathOf(file));
            for (int i = 0; i < lines.Length; i++)
            {
                if (pattern.IsMatch(lines[i]))
                {
                    found.Add($"{file}:{i + 1}: {lines[i].Trim()}");
                }
            }
        }

        return found;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LowLatencyMargin.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("LowLatencyMargin.sln is in no folder above the test assembly.");
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        }

        foreach (string child in Directory.EnumerateDirectories(folder))
        {
            string name = Path.GetFileName(child);
            string path = Path.GetRelativePath(Root, child).Replace('\\', '/');
            if (SkippedFolders.Contains(name) || path is "perf/results" || path.StartsWith("journal/", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (string file in Walk(child))
            {
                yield return file;
            }
        }
    }
}
