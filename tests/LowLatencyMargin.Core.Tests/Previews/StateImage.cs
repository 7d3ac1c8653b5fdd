using System.Reflection;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests.Previews;

/// <summary>
/// All that the objects of a state hold, found by reflection: every byte of every array, every field. It knows nothing of how previews are
/// taken back, so it finds what they forget, also in what comes later.
/// </summary>
internal sealed class StateImage
{
    /// <summary>What a command fills anew before it reads it, and what was kept by the preview before.</summary>
    private static readonly string[] Scratch = ["<WorkLeft>", "_touched", "_due", "_aftermath", "_kept", "_check"];

    private readonly Dictionary<string, object> _values = [];
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly ExchangeState _state;

    private StateImage(ExchangeState state) => _state = state;

    /// <summary>Fields that a preview can't put back, as paths.</summary>
    public List<string> Unguarded { get; } = [];

    /// <summary>Number of arrays and fields.</summary>
    public int Count => _values.Count;

    public static StateImage Of(ExchangeState state)
    {
        var image = new StateImage(state);
        image.AddObject("state", state);
        return image;
    }

    /// <summary>Paths that hold something else than in another image.</summary>
    public List<string> Differences(StateImage other) =>
        _values.Keys.Union(other._values.Keys)
            .Where(path => !Equals(_values.GetValueOrDefault(path), other._values.GetValueOrDefault(path)))
            .Select(path => $"{path}: {_values.GetValueOrDefault(path)} != {other._values.GetValueOrDefault(path)}").ToList();

    private void AddObject(string path, object value)
    {
        Type type = value.GetType();
        if (!_seen.Add(value) || value is EventBuffer or UndoLog)
        {
            return;
        }

        if (_state.Undo.IsOn && value is Rewindable { Undo: not null, IsClosed: false })
        {
            Unguarded.Add(path);
        }

        if (Is(type, typeof(NativeArray<>)))
        {
            AddArray(path, value, type, ((Rewindable)value).Undo);
            return;
        }

        if (value is Array array)
        {
            for (int i = 0; i < array.Length; i++)
            {
                AddField($"{path}[{i}]", array.GetValue(i), isFixed: true);
            }

            return;
        }

        for (Type? level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            foreach (FieldInfo field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (!Scratch.Any(name => field.Name.StartsWith(name, StringComparison.Ordinal)))
                {
                    // a captured parameter of a constructor is never assigned to
                    bool isFixed = field.IsInitOnly || field.Name.EndsWith(">P", StringComparison.Ordinal)
                        || level == typeof(Rewindable) || Is(level, typeof(PerMarket<>))
                        || Is(field.FieldType, typeof(Tracked<>)) || Is(field.FieldType, typeof(TrackedRows<>));
                    AddField($"{path}.{field.Name}", field.GetValue(value), isFixed);
                }
            }
        }
    }

    private void AddField(string path, object? value, bool isFixed)
    {
        if (!isFixed)
        {
            Unguarded.Add(path);
        }

        switch (value)
        {
            case null or Pointer:
                break;
            case string or Enum:
                _values[path] = value;
                break;
            case ValueType when value.GetType().IsPrimitive:
                _values[path] = value;
                break;
            case ValueType:
                AddStruct(path, value);
                break;
            default:
                AddObject(path, value);
                break;
        }
    }

    private void AddStruct(string path, object value)
    {
        Type type = value.GetType();
        if (Is(type, typeof(TrackedRows<>)))
        {
            if (Get(type, "_owner", value) is { } array)
            {
                _seen.Add(array);
                AddArray(path, array, array.GetType(), Get(type, "_undo", value));
            }

            return;
        }

        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (!field.FieldType.IsPointer && !Scratch.Contains(field.Name))
            {
                AddField($"{path}.{field.Name}", field.GetValue(value), isFixed: true);
            }
        }
    }

    private void AddArray(string path, object array, Type type, object? undo)
    {
        if (!ReferenceEquals(undo, _state.Undo))
        {
            Unguarded.Add(path);
        }

        int length = (int)type.GetProperty("Length")!.GetValue(array)!;
        BytesOf bytes = type.GetMethod("AsBytes")!.CreateDelegate<BytesOf>(array);
        var hash = default(Hash128);
        hash.Add(bytes(0, length));
        _values[path] = $"{length} rows, {hash}";
    }

    private static object? Get(Type type, string field, object value) =>
        type.GetField(field, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(value);

    private static bool Is(Type type, Type generic) => type.IsGenericType && type.GetGenericTypeDefinition() == generic;

    private delegate ReadOnlySpan<byte> BytesOf(int start, int count);
}
