using System;
using System.Runtime.CompilerServices;
using System.Text;

namespace LowLatencyMargin.Core.Commands;

/// <summary>A name of up to 16 ASCII characters, padded with zeros, held in place.</summary>
[InlineArray(LengthBytes)]
public struct Symbol
{
    /// <summary>Most characters.</summary>
    public const int LengthBytes = 16;

    private byte _first;

    /// <summary>A symbol of letters, digits, '-', '_' and '.'.</summary>
    [ColdPath]
    public static bool TryParse(ReadOnlySpan<char> text, out Symbol symbol)
    {
        symbol = default;
        if (text.Length is 0 or > LengthBytes)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            symbol[i] = (byte)text[i];
            if (text[i] > 127)
            {
                return false;
            }
        }

        return symbol.IsValid;
    }

    /// <summary>At least one allowed character, then zeros only.</summary>
    public readonly bool IsValid
    {
        get
        {
            bool ended = false;
            for (int i = 0; i < LengthBytes; i++)
            {
                byte c = this[i];
                bool allowed = c is >= (byte)'0' and <= (byte)'9' or >= (byte)'A' and <= (byte)'Z' or >= (byte)'a' and <= (byte)'z'
                    or (byte)'-' or (byte)'_' or (byte)'.';
                if ((c != 0 && (ended || !allowed)) || (i == 0 && c == 0))
                {
                    return false;
                }

                ended |= c == 0;
            }

            return true;
        }
    }

    /// <summary>The characters.</summary>
    [ColdPath]
    public override readonly string ToString()
    {
        ReadOnlySpan<byte> bytes = this;
        int end = bytes.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
