using System.Reflection;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Journal.Format;

namespace LowLatencyMargin.Architecture.Tests;

/// <summary>Commands and events are the same bytes in ring and journal: their layouts and limits have to fit each other.</summary>
internal sealed class LayoutTests
{
    private const int RingSlotBytes = 128;

    private static IEnumerable<Type> Commands => typeof(CommandHeader).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(CommandHeader).Namespace && BeginsWith(type, typeof(CommandHeader)));

    private static IEnumerable<Type> EventBodies => typeof(EventHeader).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(EventHeader).Namespace && BeginsWith(type, typeof(EventHeader)));

    [Test]
    [Description("Each command type has a struct of its name that begins with the command header, and each such struct has a type")]
    public void EveryCommandTypeHasItsStruct() => Assert.That(
        Commands.Select(type => type.Name), Is.EquivalentTo(Enum.GetNames<CommandType>().Where(name => name != nameof(CommandType.None))));

    [TestCaseSource(nameof(Commands))]
    [Description("R-104: a command is a multiple of 8 bytes, fits a journal record, and has no hidden padding: a copy of a struct need not copy it")]
    public void ACommandIsAllFields(Type command)
    {
        int size = SizeOf(command);
        Assert.That(size % 8, Is.Zero);
        Assert.That(size, Is.InRange(CommandHeader.SizeBytes, CommandHeader.MaxCommandBytes));
        Assert.That(SizeOfFields(command), Is.EqualTo(size));
    }

    [TestCaseSource(nameof(EventBodies))]
    [Description("An event is one slot of 64 bytes, a cache line")]
    public void AnEventIsOneSlot(Type body) => Assert.That(SizeOf(body), Is.EqualTo(EventSlot.SizeBytes));

    [Test]
    [Description("The headers are as large as their constants say, and a full command is a whole number of ring slots")]
    public void HeadersAndSlotsFit()
    {
        Assert.That(Unsafe.SizeOf<CommandHeader>(), Is.EqualTo(CommandHeader.SizeBytes));
        Assert.That(Unsafe.SizeOf<EventSlot>(), Is.EqualTo(EventSlot.SizeBytes));
        Assert.That(CommandHeader.MaxCommandBytes % RingSlotBytes, Is.Zero);
        Assert.That(RingSlotBytes % EventSlot.SizeBytes, Is.Zero);
    }

    [Test]
    [Description("The journal holds every command: its records reach from a bare header to beyond the largest command, its own types lie above all")]
    public void TheJournalHoldsEveryCommand()
    {
        Assert.That(JournalFormat.MinRecordBytes, Is.EqualTo(CommandHeader.SizeBytes));
        Assert.That(JournalFormat.MaxRecordBytes, Is.GreaterThanOrEqualTo(CommandHeader.MaxCommandBytes));
        Assert.That(JournalFormat.MinSegmentBytes, Is.GreaterThan(JournalFormat.SegmentHeaderBytes + JournalFormat.MaxRecordBytes));
        Assert.That(Enum.GetValues<CommandType>().Max(type => (int)type), Is.LessThan(JournalFormat.FirstOwnType));
    }

    [Test]
    [Description("R-101: within the limits of the core, no sum over an account's positions and no sum of all money leaves 63 bits")]
    public void LimitsKeepSumsInRange()
    {
        Assert.That(4 * (Int128)Exact.MaxMoneyUnits, Is.LessThan((Int128)long.MaxValue));
        Assert.That((Int128)Exact.MaxNotionalUnits * Exact.MaxPositionsPerAccount, Is.LessThan((Int128)long.MaxValue));
        Assert.That((Int128)Exact.MaxPriceTicks * Exact.MaxQuantityLots, Is.LessThan((Int128)1 << 80));
    }

    // A command may begin with another command, which begins with the header.
    private static bool BeginsWith(Type type, Type header) =>
        type.IsValueType && !type.IsEnum && !type.IsPrimitive && type != typeof(EventSlot) && Fields(type).FirstOrDefault()?.FieldType is { } first
        && (first == header || (first.Namespace == header.Namespace && BeginsWith(first, header)));

    private static FieldInfo[] Fields(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    // Fields that share their bytes or repeat (an inline array) take the size of the whole.
    private static int SizeOfFields(Type type) => type.IsPrimitive || type.IsEnum || type.IsExplicitLayout || type.IsDefined(typeof(InlineArrayAttribute))
        ? SizeOf(type)
        : Fields(type).Sum(field => SizeOfFields(field.FieldType));
}
