namespace LowLatencyMargin.Architecture.Tests.StandIns;

/// <summary>One member of an upstream type, as metadata sees it: accessors are methods, a delegate is its Invoke.</summary>
/// <param name="Name">Name in metadata.</param>
/// <param name="Signature">Result and parameters in the notation of <see cref="SignatureText"/>; of a field its type.</param>
/// <param name="IsStatic">Whether it needs no instance.</param>
internal sealed record ListedMember(string Name, string Signature, bool IsStatic)
{
    public override string ToString() => (IsStatic ? "static " : string.Empty) + Name + " " + Signature;
}
