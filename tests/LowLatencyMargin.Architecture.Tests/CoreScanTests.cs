using System.Text.RegularExpressions;
using LowLatencyMargin.Architecture.Tests.Scan;
using LowLatencyMargin.Architecture.Tests.Support;

namespace LowLatencyMargin.Architecture.Tests;

/// <summary>What the compiled core does and doesn't do, read from its IL.</summary>
internal sealed partial class CoreScanTests
{
    private static readonly BuiltAssembly Core = BuiltAssembly.Beside("LowLatencyMargin.Core");
    private static readonly List<Finding> Findings = IlScanner.Scan(Core, _ => true);

    // What hot code may call on its way through cold code: each is reached once per exchange, market, pool or broken invariant, not per order;
    // the last one by a preview that one step took beyond the log's headroom.
    private static readonly string[] ColdCallsFromHotCode =
    [
        "LowLatencyMargin.Core.Invariant::Broken",
        "LowLatencyMargin.Core.Exchange::ApplyFirst",
        "LowLatencyMargin.Core.Accounts.Listing::List",
        "LowLatencyMargin.Core.Lending.LendingPools::AddHeap",
        "LowLatencyMargin.Core.Liquidation.LiquidationIndex::Reserve",
        "LowLatencyMargin.Core.MarketData.BookFeed::List",
        "LowLatencyMargin.Core.Memory.UndoLog::Grow",
    ];

    [Test]
    [Description("Outside members marked [ColdPath] the core's IL has no box, newarr, newobj of a class, delegate, throw, string or other allocation")]
    public void HotCodeDoesNotAllocate() =>
        Report.AssertNone(Violations(found => found.Kind is not (FindingKind.FloatingPoint or FindingKind.BannedApi)));

    [Test]
    [Description("R-101: no field, parameter, local, result, instruction or call of the core, cold or hot, is float, double, Half or decimal")]
    public void NothingCountsInFloatingPoint() => Report.AssertNone(Violations(found => found.Kind == FindingKind.FloatingPoint));

    [Test]
    [Description("R-104: no clock, randomness, environment, file, thread, LINQ or per-process hash is called anywhere in the core, cold or hot")]
    public void NothingOutsideTheCommandsIsRead() => Report.AssertNone(Violations(found => found.Kind == FindingKind.BannedApi));

    [Test]
    [Description("R-104: no type of clock, randomness, environment, files or threads is even named in the core's metadata")]
    public void NoBannedTypeIsNamed()
    {
        IEnumerable<string> names = Core.Metadata.TypeReferences.Select(handle => TypeNames.Of(Core.Metadata, handle));
        Report.AssertNone(names.Where(name => BannedApis.Everywhere.IsMatch(name)));
    }

    [Test]
    [Description("Hot code calls into the framework only for arithmetic, spans and memory: anything new has to be looked at and listed here")]
    public void HotCodeCallsOnlyArithmeticSpansAndMemory()
    {
        IEnumerable<string> calls = Findings
            .Where(found => found.Kind == FindingKind.OutsideCall && !HarmlessCalls.IsMatch(found.What[(found.What.IndexOf(' ') + 1)..]))
            .Select(found => found.ToString());
        Report.AssertNone(calls);
    }

    [Test]
    [Description("A mark is no way around the scan: the places where hot code calls what is marked as cold are few, and listed here")]
    public void HotCodeCallsColdCodeInFewPlaces()
    {
        IEnumerable<string> calls = Findings
            .Where(found => found.Kind == FindingKind.ColdCall)
            .Select(found => found.What[(found.What.IndexOf(' ') + 1)..])
            .Where(name => !name.StartsWith("<PrivateImplementationDetails>::Throw", StringComparison.Ordinal))
            .Distinct();
        Assert.That(calls, Is.SubsetOf(ColdCallsFromHotCode));
    }

    [Test]
    [Description("The scan reads the real core: it sees its types, and the hot ones among its methods")]
    public void TheScanReadsTheCore()
    {
        Assert.That(Core.Name, Is.EqualTo("LowLatencyMargin.Core"));
        Assert.That(Findings.Select(found => found.Member), Has.Some.EqualTo("LowLatencyMargin.Core.Exchange::Apply"));
        ColdMarks marks = new(Core.Metadata);
        string[] hot =
        [
            .. Core.Metadata.MethodDefinitions.Where(method => !marks.IsCold(method))
                .Select(method => Core.Metadata.GetMethodDefinition(method))
                .Select(method => TypeNames.Of(Core.Metadata, method.GetDeclaringType()) + "::" + Core.Metadata.GetString(method.Name)),
        ];
        Assert.That(hot, Has.Some.EqualTo("LowLatencyMargin.Core.Exchange::Apply"));
        Assert.That(hot, Has.None.EqualTo("LowLatencyMargin.Core.Invariant::Broken"));
    }

    private static List<Finding> Violations(Func<Finding, bool> kind) => [.. IlScanner.Violations(Findings).Where(kind)];

    [GeneratedRegex(@"^System\.(
        (Int128|UInt128|Math|Numerics\.BitOperations|Runtime\.Intrinsics\.[\w.+]+)(<.+>)?::(\.ctor|\w+) |
        (ReadOnlySpan|Span)<.+>::(\.ctor|\w+) |
        MemoryExtensions::(SequenceEqual|AsSpan|IndexOf|BinarySearch) |
        Runtime\.CompilerServices\.Unsafe::\w+ |
        Runtime\.CompilerServices\.RuntimeHelpers::CreateSpan |
        Runtime\.InteropServices\.MemoryMarshal::(AsBytes|AsRef|Cast|TryRead|Read|Write|CreateSpan|CreateReadOnlySpan|GetReference) |
        Runtime\.InteropServices\.NativeMemory::(Free|AlignedFree|Clear|Copy) |
        Nullable<.+>::(\.ctor|\w+) |
        String::(get_Length|op_Implicit) |
        Object::(\.ctor|Finalize) | Attribute::\.ctor | GC::SuppressFinalize )$", RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex HarmlessCalls { get; }
}
