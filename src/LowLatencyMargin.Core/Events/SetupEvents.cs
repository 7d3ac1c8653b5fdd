using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Events;

/// <summary>A command changed nothing.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct Rejected
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account named by the command, 0 when none.</summary>
    public long AccountId;

    /// <summary>Order named by the command, 0 when none.</summary>
    public long OrderId;

    /// <summary>Client's name for the order, 0 when none.</summary>
    public long ClientOrderId;

    /// <summary>What the command needed, in units, where that is the reason.</summary>
    public long RequiredUnits;

    /// <summary>What there was, in units.</summary>
    public long AvailableUnits;

    /// <summary>Why.</summary>
    public ResultCode Code;

    /// <summary>Which command.</summary>
    public CommandType Command;

    /// <summary>Item of a batch or level of a mass quote that was refused, from 1; 0 when it was the command.</summary>
    public ushort Item;

    /// <summary>The rule that the command's parameters break, where <see cref="ResultCode.InvalidParameter"/> is the reason.</summary>
    public ParameterRule Rule;
}

/// <summary>Accepted, MarketParametersChanged: a command that has no event of its own.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct Accepted
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Which command.</summary>
    public CommandType Command;

    /// <summary>Account, 0 when none is concerned.</summary>
    public long AccountId;
}

/// <summary>An asset was added.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct AssetAdded
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Its id.</summary>
    public long AssetId;

    /// <summary>Its name.</summary>
    public Symbol Symbol;

    /// <summary>Decimals of the smallest unit.</summary>
    public int Decimals;
}

/// <summary>A market was listed; its id is in the header.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct MarketListed
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Its name.</summary>
    public Symbol Symbol;

    /// <summary>The account that takes over what liquidations can't sell.</summary>
    public long LiquidationAccountId;

    /// <summary>Units per tick x lot.</summary>
    public long TickValueUnits;
}

/// <summary>An account was created.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct AccountCreated
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Its id.</summary>
    public long AccountId;

    /// <summary>Whose it is.</summary>
    public long OwnerId;
}

/// <summary>A price came from outside; the header's detail is the feed.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct FeedPriceTaken
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Price in ticks.</summary>
    public long PriceTicks;
}

/// <summary>A market has new rules for its mark.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct PriceRulesSet
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>The rules.</summary>
    public PriceRules Rules;
}

/// <summary>The mark price moved.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct MarkPriceUpdated
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>New mark.</summary>
    public long PriceTicks;

    /// <summary>Mark before, 0 when there was none.</summary>
    public long PreviousTicks;
}
