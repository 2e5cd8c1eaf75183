using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Latents;

/// <summary>How far to move along a direction that the model holds.</summary>
/// <param name="Name">Of the direction.</param>
/// <param name="Amount">1: its whole length; negative: the other way.</param>
public sealed record DirectionMove(string Name, float Amount)
{
    private const float Most = 100;

    /// <summary>Reads NAME=AMOUNT.</summary>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static DirectionMove Parse(string text)
    {
        int equals = text.LastIndexOf('=');
        bool isNumber = float.TryParse(text.AsSpan(equals + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out float amount);
        return equals > 0 && isNumber && Math.Abs(amount) <= Most
            ? new DirectionMove(text[..equals], amount)
            : throw new FormatException($"expected NAME=AMOUNT with an amount from -{Most} to {Most}, such as shiny=1.5; found '{text}'");
    }

    /// <exception cref="ArgumentException">The model lacks a direction; the message lists those that it has.</exception>
    public static void Require(VaeModel model, IEnumerable<DirectionMove> moves)
    {
        foreach (DirectionMove move in moves)
            model.Direction(move.Name);
    }

    /// <summary>z + Σ amount · direction for each latent, in place.</summary>
    /// <param name="latents">[count, Z]</param>
    /// <inheritdoc cref="Require"/>
    public static void Apply(VaeModel model, IEnumerable<DirectionMove> moves, float[] latents)
    {
        int z = model.Architecture.LatentSize;
        foreach (DirectionMove move in moves.ToArray())
        {
            float[] direction = model.Direction(move.Name);
            for (int i = 0; i < latents.Length; i += z)
                LatentMath.Move(latents.AsSpan(i, z), direction, move.Amount, latents.AsSpan(i, z));
        }
    }
}
