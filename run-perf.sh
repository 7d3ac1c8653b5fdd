#!/usr/bin/env bash
# Builds the latency harness and runs it with the arguments given. ./run-perf.sh --help lists them; docs/performance.md explains the report.
set -uo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
project="$root/perf/LowLatencyMargin.Latency/LowLatencyMargin.Latency.csproj"
program="$root/perf/LowLatencyMargin.Latency/bin/Release/net10.0/LowLatencyMargin.Latency.dll"

if ! command -v dotnet >/dev/null; then
    echo "run-perf.sh: dotnet not found; expected the .NET SDK that global.json names" >&2
    exit 2
fi

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
echo "building (Release) ..." >&2
# from the root, so that global.json decides the SDK wherever this is called from
if ! log="$(cd "$root" && dotnet build "$project" -c Release -v quiet -clp:"ErrorsOnly;NoSummary" 2>&1)"; then
    echo "$log" >&2
    echo "run-perf.sh: the build failed" >&2
    exit 70
fi

exec dotnet "$program" "$@"
