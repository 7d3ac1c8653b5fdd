using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Names that the exchange of this branch does not have yet, by their numbers in the contract.</summary>
internal static class Codes
{
    public const ResultCode UnknownPosition = (ResultCode)440;
    public const ResultCode PositionIdMissing = (ResultCode)441;
    public const ResultCode HedgeModeRequired = (ResultCode)443;
    public const ResultCode PositionsDiffer = (ResultCode)444;
    public const ResultCode DifferentOwners = (ResultCode)445;
    public const CancelReason PositionClosed = (CancelReason)20;
}
