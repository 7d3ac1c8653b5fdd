using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Journal.Format;

/// <summary>Sizes and numbers of the file format, version 1; docs/journal-format.md is the prose.</summary>
public static class JournalFormat
{
    /// <summary>The format version that is written and read.</summary>
    public const uint Version = 1;

    /// <summary>Bytes before the first record of a segment.</summary>
    public const int SegmentHeaderBytes = 4096;

    /// <summary>Default size of a segment.</summary>
    public const long DefaultSegmentBytes = 64L << 20;

    /// <summary>Smallest segment, for tests.</summary>
    public const long MinSegmentBytes = 64L << 10;

    /// <summary>Largest segment.</summary>
    public const long MaxSegmentBytes = 1L << 30;

    /// <summary>Smallest record: a header alone.</summary>
    public const int MinRecordBytes = CommandHeader.SizeBytes;

    /// <summary>Largest record: a command's maximum, doubled because a commit record is padded to the sector.</summary>
    public const int MaxRecordBytes = 2 * CommandHeader.MaxCommandBytes;

    /// <summary>Types from here on are the journal's own records, not commands.</summary>
    public const ushort FirstOwnType = 0xFF00;

    /// <summary>Bytes of a commit record without padding, of a checkpoint record and of a segment end record.</summary>
    public const int OwnRecordBytes = 64;

    /// <summary>Extension of a segment file.</summary>
    public const string SegmentExtension = ".jnl";

    /// <summary>What is added to the name of a segment that recovery took out of use but kept.</summary>
    public const string BrokenExtension = ".broken";

    /// <summary>Extension of files that are not part of the journal yet.</summary>
    public const string TemporaryExtension = ".tmp";
}
