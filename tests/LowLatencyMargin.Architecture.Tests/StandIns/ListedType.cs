namespace LowLatencyMargin.Architecture.Tests.StandIns;

/// <summary>One upstream type of a signature list.</summary>
/// <param name="Name">Full name without arity, "+" before a nested name.</param>
/// <param name="Arity">Number of its type parameters.</param>
/// <param name="Bases">Simple names of what it derives from.</param>
/// <param name="Members">What it has.</param>
internal sealed record ListedType(string Name, int Arity, IReadOnlyList<string> Bases, List<ListedMember> Members)
{
    /// <summary>What tells it from the other types of its list.</summary>
    public string Key => KeyOf(Name, Arity);

    /// <summary>A type's key.</summary>
    public static string KeyOf(string name, int arity) => arity == 0 ? name : $"{name}/{arity}";
}
