using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace LowLatencyMargin.Architecture.Tests.Scan;

/// <summary>One instruction.</summary>
/// <param name="Offset">Where it stands in its method.</param>
/// <param name="Code">What it does.</param>
/// <param name="Token">What it does it to, when that is a member, a type or a string; else 0.</param>
internal readonly record struct Instruction(int Offset, OpCode Code, int Token)
{
    /// <summary>The member or type of <see cref="Token"/>.</summary>
    public EntityHandle Handle => MetadataTokens.EntityHandle(Token);
}

/// <summary>Cuts the bytes of a method body into instructions.</summary>
internal static class IlCode
{
    private static readonly Dictionary<ushort, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value);

    /// <summary>All instructions of a body, in order.</summary>
    public static List<Instruction> Read(BlobReader il)
    {
        List<Instruction> instructions = [];
        while (il.RemainingBytes > 0)
        {
            int offset = il.Offset;
            int first = il.ReadByte();
            OpCode code = Codes[(ushort)(first == 0xfe ? 0xfe00 | il.ReadByte() : first)];
            int token = 0;
            switch (code.OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    token = il.ReadInt32();
                    break;
                case OperandType.InlineSwitch:
                    int targets = il.ReadInt32();
                    il.Offset += 4 * targets;
                    break;
                default:
                    il.Offset += Width(code.OperandType);
                    break;
            }

            instructions.Add(new Instruction(offset, code, token));
        }

        return instructions;
    }

    private static int Width(OperandType operand) => operand switch
    {
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
