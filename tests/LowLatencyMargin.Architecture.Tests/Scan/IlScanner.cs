using System.Reflection.Emit;
using System.Reflection.Metadata;
using LowLatencyMargin.Architecture.Tests.Support;

namespace LowLatencyMargin.Architecture.Tests.Scan;

/// <summary>
/// Reads the IL of an assembly for what analyzers don't see: boxing, arrays, objects, closures, strings, floating point, banned calls. Says
/// where, and whether the place is marked as cold; which kinds a cold place may have is for <see cref="Violations"/>.
/// </summary>
internal sealed class IlScanner
{
    private readonly BuiltAssembly _assembly;
    private readonly MetadataReader _metadata;
    private readonly ColdMarks _cold;
    private readonly List<Finding> _findings = [];

    private IlScanner(BuiltAssembly assembly)
    {
        _assembly = assembly;
        _metadata = assembly.Metadata;
        _cold = new ColdMarks(assembly.Metadata);
    }

    /// <summary>Everything worth a look in the types whose full name <paramref name="types"/> takes.</summary>
    public static List<Finding> Scan(BuiltAssembly assembly, Func<string, bool> types)
    {
        IlScanner scanner = new(assembly);
        foreach (TypeDefinitionHandle handle in scanner._metadata.TypeDefinitions)
        {
            if (types(TypeNames.Of(scanner._metadata, handle)))
            {
                scanner.ScanType(handle);
            }
        }

        return scanner._findings;
    }

    /// <summary>What is wrong: floating point and banned calls anywhere, the rest where no mark says cold.</summary>
    public static List<Finding> Violations(IEnumerable<Finding> findings) =>
    [
        .. findings.Where(finding => finding.Kind switch
        {
            FindingKind.FloatingPoint or FindingKind.BannedApi => true,
            FindingKind.ColdCall or FindingKind.OutsideCall => false,
            _ => !finding.Cold,
        }),
    ];

    private void ScanType(TypeDefinitionHandle handle)
    {
        string typeName = TypeNames.Of(_metadata, handle);
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        foreach (FieldDefinition field in type.GetFields().Select(_metadata.GetFieldDefinition))
        {
            CheckSignature(field.DecodeSignature(TypeNames.Instance, null), $"{typeName}::{_metadata.GetString(field.Name)}", -1, cold: false);
        }

        foreach (MethodDefinitionHandle methodHandle in type.GetMethods())
        {
            MethodDefinition method = _metadata.GetMethodDefinition(methodHandle);
            string member = $"{typeName}::{_metadata.GetString(method.Name)}";
            bool cold = _cold.IsCold(methodHandle);
            CheckSignature(Text(method.DecodeSignature(TypeNames.Instance, null)), member, -1, cold);
            if (method.RelativeVirtualAddress != 0)
            {
                ScanBody(_assembly.Image.GetMethodBody(method.RelativeVirtualAddress), member, cold);
            }
        }
    }

    private void ScanBody(MethodBodyBlock body, string member, bool cold)
    {
        if (!body.LocalSignature.IsNil)
        {
            foreach (string local in _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(TypeNames.Instance, null))
            {
                CheckSignature(local, member, 0, cold);
            }
        }

        foreach (Instruction instruction in IlCode.Read(body.GetILReader()))
        {
            ScanInstruction(instruction, member, cold);
        }
    }

    private void ScanInstruction(Instruction instruction, string member, bool cold)
    {
        OpCode code = instruction.Code;
        if (code == OpCodes.Throw || code == OpCodes.Rethrow)
        {
            Add(FindingKind.Throw, string.Empty);
        }
        else if (code == OpCodes.Ldftn || code == OpCodes.Ldvirtftn)
        {
            Add(FindingKind.Delegate, MemberName(instruction.Handle));
        }
        else if (code == OpCodes.Box)
        {
            Add(FindingKind.Box, TypeNames.Of(_metadata, instruction.Handle));
        }
        else if (code == OpCodes.Newarr)
        {
            Add(FindingKind.NewArray, TypeNames.Of(_metadata, instruction.Handle));
        }
        else if (IsFloatingPoint(code))
        {
            Add(FindingKind.FloatingPoint, string.Empty);
        }

        if (instruction.Token == 0)
        {
            return;
        }

        if (code.OperandType == OperandType.InlineType)
        {
            CheckSignature(TypeNames.Of(_metadata, instruction.Handle), member, instruction.Offset, cold);
        }
        else if (IsMember(instruction.Handle.Kind))
        {
            ScanMemberUse(instruction, member, cold);
        }

        void Add(FindingKind kind, string what) =>
            _findings.Add(new Finding(kind, member, instruction.Offset, $"{code.Name} {what}".TrimEnd(), cold));
    }

    private void ScanMemberUse(Instruction instruction, string member, bool cold)
    {
        EntityHandle used = Unbound(instruction.Handle);
        string name = MemberName(used);
        CheckSignature(MemberSignature(instruction.Handle), member, instruction.Offset, cold);
        Check(BannedApis.Everywhere.IsMatch(name), FindingKind.BannedApi);
        if (instruction.Code == OpCodes.Newobj)
        {
            Check(!ValueTypes.Contains(_metadata, Owner(used)), FindingKind.NewObject);
        }

        if (instruction.Code.OperandType == OperandType.InlineMethod)
        {
            Check(BannedApis.Text.IsMatch(name), FindingKind.Text);
            Check(BannedApis.OnHotPath.IsMatch(name) && !cold, FindingKind.BannedApi);
            Check(used.Kind == HandleKind.MethodDefinition && !cold && _cold.IsCold((MethodDefinitionHandle)used), FindingKind.ColdCall);
            Check(used.Kind == HandleKind.MemberReference && IsOutside(Owner(used)) && !cold, FindingKind.OutsideCall);
        }

        void Check(bool found, FindingKind kind)
        {
            if (found)
            {
                _findings.Add(new Finding(kind, member, instruction.Offset, $"{instruction.Code.Name} {name}", cold));
            }
        }
    }

    private void CheckSignature(string signature, string member, int offset, bool cold)
    {
        if (BannedApis.FloatingPoint.IsMatch(signature))
        {
            _findings.Add(new Finding(FindingKind.FloatingPoint, member, offset, signature, cold));
        }
    }

    private bool IsOutside(EntityHandle type) => type.Kind switch
    {
        HandleKind.TypeDefinition => false,
        HandleKind.TypeReference => true,
        _ => !_metadata.TypeDefinitions.Any(handle => TypeNames.Of(_metadata, handle) == TypeNames.Of(_metadata, type).Split('<')[0]),
    };

    private static bool IsMember(HandleKind kind) =>
        kind is HandleKind.MethodDefinition or HandleKind.MemberReference or HandleKind.MethodSpecification or HandleKind.FieldDefinition;

    private static bool IsFloatingPoint(OpCode code) => code.Name is { } name
        && (name.EndsWith(".r4", StringComparison.Ordinal) || name.EndsWith(".r8", StringComparison.Ordinal) || name is "conv.r.un" or "ckfinite");

    private static string Text(MethodSignature<string> signature) => $"{signature.ReturnType} ({string.Join(", ", signature.ParameterTypes)})";

    private EntityHandle Unbound(EntityHandle member) => member.Kind == HandleKind.MethodSpecification
        ? _metadata.GetMethodSpecification((MethodSpecificationHandle)member).Method
        : member;

    private EntityHandle Owner(EntityHandle member) => member.Kind switch
    {
        HandleKind.MethodDefinition => _metadata.GetMethodDefinition((MethodDefinitionHandle)member).GetDeclaringType(),
        HandleKind.FieldDefinition => _metadata.GetFieldDefinition((FieldDefinitionHandle)member).GetDeclaringType(),
        _ => _metadata.GetMemberReference((MemberReferenceHandle)member).Parent,
    };

    private string MemberName(EntityHandle member)
    {
        member = Unbound(member);
        StringHandle name = member.Kind switch
        {
            HandleKind.MethodDefinition => _metadata.GetMethodDefinition((MethodDefinitionHandle)member).Name,
            HandleKind.FieldDefinition => _metadata.GetFieldDefinition((FieldDefinitionHandle)member).Name,
            _ => _metadata.GetMemberReference((MemberReferenceHandle)member).Name,
        };
        return $"{TypeNames.Of(_metadata, Owner(member))}::{_metadata.GetString(name)}";
    }

    private string MemberSignature(EntityHandle member)
    {
        switch (member.Kind)
        {
            case HandleKind.MethodSpecification:
                MethodSpecification bound = _metadata.GetMethodSpecification((MethodSpecificationHandle)member);
                return MemberSignature(bound.Method) + "<" + string.Join(", ", bound.DecodeSignature(TypeNames.Instance, null)) + ">";
            case HandleKind.MethodDefinition:
                return Text(_metadata.GetMethodDefinition((MethodDefinitionHandle)member).DecodeSignature(TypeNames.Instance, null));
            case HandleKind.FieldDefinition:
                return _metadata.GetFieldDefinition((FieldDefinitionHandle)member).DecodeSignature(TypeNames.Instance, null);
            default:
                MemberReference reference = _metadata.GetMemberReference((MemberReferenceHandle)member);
                return TypeNames.Of(_metadata, reference.Parent) + " " + (reference.GetKind() == MemberReferenceKind.Method
                    ? Text(reference.DecodeMethodSignature(TypeNames.Instance, null))
                    : reference.DecodeFieldSignature(TypeNames.Instance, null));
        }
    }
}
