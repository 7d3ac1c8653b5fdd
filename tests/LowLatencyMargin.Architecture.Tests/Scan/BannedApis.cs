using System.Text.RegularExpressions;

namespace LowLatencyMargin.Architecture.Tests.Scan;

/// <summary>What the core may not touch, by the names of the metadata. The analyzer in Core bans the same at compile time, where it can see it.</summary>
internal static partial class BannedApis
{
    /// <summary>Clock, files, threads, chance, configuration: nowhere in the core, not even at set-up.</summary>
    [GeneratedRegex(@"^System\.(
        (IO|Threading|Linq|Net|Data|Timers|Reflection\.Emit|Security\.Cryptography)\. |
        (DateTime|DateTimeOffset|DateOnly|TimeOnly|TimeProvider|TimeZoneInfo|Environment|Random|Guid|HashCode|Console|AppContext|AppDomain)(::|\+|$) |
        Diagnostics\.(Stopwatch|Process|Debug|Trace|Activity|Tracing)\b |
        Globalization\.CultureInfo\b |
        Runtime\.CompilerServices\.(Async|IAsync|TaskAwaiter|ConfiguredTask|ConfiguredValueTask|YieldAwaitable) )", RegexOptions.IgnorePatternWhitespace)]
    public static partial Regex Everywhere { get; }

    /// <summary>What allocates, or makes text: only where <c>[ColdPath]</c> stands.</summary>
    [GeneratedRegex(@"^System\.(
        (Collections|Text|Delegate|MulticastDelegate)\b |
        (Activator|Array|Buffers|Lazy|Tuple|Enum)(::|\.|<) |
        GC::(Allocate|Collect) |
        Runtime\.CompilerServices\.RuntimeHelpers::(InitializeArray|GetSubArray|GetUninitializedObject) ) |
        ::(ToArray|ToList|Clone|MemberwiseClone)$", RegexOptions.IgnorePatternWhitespace)]
    public static partial Regex OnHotPath { get; }

    /// <summary>Text: every member of String but those that only look at it, interpolation, and ToString of anything.</summary>
    [GeneratedRegex(@"^System\.String::(?!(get_Length|get_Chars|op_Implicit|op_Equality|op_Inequality|Equals)$) |
        InterpolatedStringHandler\b | ::ToString$", RegexOptions.IgnorePatternWhitespace)]
    public static partial Regex Text { get; }

    /// <summary>Binary or decimal floating point in a signature.</summary>
    [GeneratedRegex(@"\bSystem\.(Double|Single|Half|Decimal)\b")]
    public static partial Regex FloatingPoint { get; }
}
