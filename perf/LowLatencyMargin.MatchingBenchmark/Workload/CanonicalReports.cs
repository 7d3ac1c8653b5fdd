using System.Security.Cryptography;
using System.Text;

namespace LowLatencyMargin.MatchingBenchmark.Workload;

/// <summary>The text that engines are compared by: a line a report, in the order of sequence and type.</summary>
public static class CanonicalReports
{
    /// <summary>SHA-256 of the text, in small hexadecimal digits.</summary>
    public static string HashOf(IEnumerable<Report> reports)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        bool isFirst = true;
        foreach (Report report in reports.OrderBy(report => report.Sequence).ThenBy(report => report.Type))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(isFirst ? LineOf(report) : "\n" + LineOf(report)));
            isFirst = false;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>One report.</summary>
    public static string LineOf(in Report report) => report.Type switch
    {
        ReportType.OrderAck => $"0,{report.Sequence},{report.Side},{report.OrderId},{report.PriceTicks},{report.QuantityLots}",
        ReportType.Trade => $"1,{report.Sequence},{report.PriceTicks},{report.QuantityLots},{report.MakerId},{report.TakerId}",
        ReportType.CancelAck => $"2,{report.Sequence},{report.Side},{report.OrderId},{report.PriceTicks}",
        ReportType.ModifyAck => $"3,{report.Sequence},{report.Side},{report.OrderId},{report.PriceTicks},{report.QuantityLots}",
        _ => $"{(int)report.Type},{report.Sequence},{report.OrderId}",
    };
}
