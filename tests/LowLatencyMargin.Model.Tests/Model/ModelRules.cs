namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Trader rules (docs/trader-rules.md).</summary>
internal sealed partial class ModelExchange
{
    private void CheckRules(ModelRow row, OrderRequest request, long limit, long quantity, bool isClosing, Outcome outcome)
    {
    }

    private void CheckChange(ModelOrder order, long price, long leaves, Outcome outcome)
    {
    }

    private void CountFill(ModelRow row, long position, ModelOrder? order, Big profit, Big fee, Big closing, bool inLiquidation, Outcome outcome)
    {
    }

    private void CountTakeover(ModelRow row, Big profit, Outcome outcome)
    {
    }

    private static bool IsClosing(ModelRow row, Core.Commands.Side side, Big quantity) => false;
}
