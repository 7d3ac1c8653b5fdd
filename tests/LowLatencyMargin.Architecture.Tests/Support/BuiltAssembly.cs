using System.Collections.Concurrent;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace LowLatencyMargin.Architecture.Tests.Support;

/// <summary>An assembly on disk, read as metadata: nothing of it is loaded or run.</summary>
internal sealed class BuiltAssembly
{
    private static readonly ConcurrentDictionary<string, BuiltAssembly> Opened = new();

    /// <summary>Name of this test's own assembly.</summary>
    public const string OwnName = "LowLatencyMargin.Architecture.Tests";

    private BuiltAssembly(string path)
    {
        Image = new PEReader(new MemoryStream(File.ReadAllBytes(path)));
        Metadata = Image.GetMetadataReader();
        Name = Metadata.GetString(Metadata.GetAssemblyDefinition().Name);
    }

    /// <summary>The bytes.</summary>
    public PEReader Image { get; }

    /// <summary>The tables.</summary>
    public MetadataReader Metadata { get; }

    /// <summary>Its simple name.</summary>
    public string Name { get; }

    /// <summary>Simple names of the assemblies that it references.</summary>
    public IEnumerable<string> References => Metadata.AssemblyReferences.Select(handle => Metadata.GetString(Metadata.GetAssemblyReference(handle).Name));

    /// <summary>An assembly by path.</summary>
    public static BuiltAssembly Open(string path) => Opened.GetOrAdd(path, static path => new BuiltAssembly(path));

    /// <summary>An assembly that lies beside this test's own.</summary>
    public static BuiltAssembly Beside(string name) => Open(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
}
