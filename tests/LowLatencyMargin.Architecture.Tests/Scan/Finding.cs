namespace LowLatencyMargin.Architecture.Tests.Scan;

/// <summary>What the scan objects to.</summary>
internal enum FindingKind
{
    Box,
    NewArray,
    NewObject,
    Delegate,
    Throw,
    Text,
    FloatingPoint,
    BannedApi,
    ColdCall,
    OutsideCall,
}

/// <summary>One place that the scan objects to.</summary>
/// <param name="Kind">Which rule.</param>
/// <param name="Member">Type::Method or Type::Field.</param>
/// <param name="Offset">Where in the method's IL; -1 when it is about a signature.</param>
/// <param name="What">What stands there.</param>
/// <param name="Cold">Whether the member is marked as cold.</param>
internal sealed record Finding(FindingKind Kind, string Member, int Offset, string What, bool Cold)
{
    public override string ToString() => Offset < 0 ? $"{Member} {What} [{Kind}]" : $"{Member} IL_{Offset:x4} {What} [{Kind}]";
}
