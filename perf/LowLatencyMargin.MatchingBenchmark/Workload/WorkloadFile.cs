using System.Buffers.Binary;
using System.IO.Compression;

namespace LowLatencyMargin.MatchingBenchmark.Workload;

/// <summary>A workload file of the benchmark: a header of 16 bytes, then records of 40 bytes, little-endian.</summary>
public static class WorkloadFile
{
    private const int HeaderBytes = 16;
    private const int RecordBytes = 40;

    /// <summary>Reads a file, packed if its name ends in ".gz".</summary>
    public static Message[] Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        byte[] record = new byte[RecordBytes];
        plain.ReadExactly(record, 0, HeaderBytes);
        var messages = new Message[BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(12))];
        for (int i = 0; i < messages.Length; i++)
        {
            plain.ReadExactly(record);
            messages[i] = Decode(record);
        }

        return messages;
    }

    private static Message Decode(ReadOnlySpan<byte> record)
    {
        var type = (MessageType)record[0];
        var message = new Message
        {
            Type = type,
            OrderId = BinaryPrimitives.ReadUInt64LittleEndian(record[16..]),
            Sequence = BinaryPrimitives.ReadUInt64LittleEndian(record[8..]),
        };
        if (type != MessageType.Cancel)
        {
            message.PriceTicks = BinaryPrimitives.ReadInt64LittleEndian(record[24..]);
            message.QuantityLots = BinaryPrimitives.ReadUInt32LittleEndian(record[4..]);
            message.Side = record[1];
            message.IsImmediate = record[2];
        }

        return message;
    }
}
