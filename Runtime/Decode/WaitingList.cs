using System;

namespace VaeProcgen.Runtime.Decode;

/// <summary>Numbers from 0 on, each in the list once or not at all: put in, taken out and sorted by half without allocation.</summary>
internal sealed class WaitingList
{
    private const int None = -1;

    private int[] members = Array.Empty<int>();
    private float[] scores = Array.Empty<float>();
    private int[] placeOf = Array.Empty<int>();

    public int Count { get; private set; }

    /// <summary>The one at a place, 0 to <see cref="Count"/> − 1.</summary>
    public int this[int place] => members[place];

    public bool Contains(int member) => placeOf[member] != None;

    /// <summary>Makes room for the numbers below <paramref name="most"/>.</summary>
    public void Reserve(int most)
    {
        int known = placeOf.Length;
        if (most <= known)
            return;
        Array.Resize(ref members, most);
        Array.Resize(ref scores, most);
        Array.Resize(ref placeOf, most);
        placeOf.AsSpan(known).Fill(None);
    }

    /// <summary>Puts one in that is not there.</summary>
    public void Add(int member)
    {
        placeOf[member] = Count;
        members[Count++] = member;
    }

    /// <summary>Takes one out, if it is there; the last takes its place.</summary>
    public void Remove(int member)
    {
        int place = placeOf[member];
        if (place == None)
            return;
        int last = members[--Count];
        members[place] = last;
        placeOf[last] = place;
        placeOf[member] = None;
    }

    /// <summary>Hoare's selection: the <paramref name="count"/> highest by score come to stand last, in no order.</summary>
    public void MoveHighestToEnd(int count, Func<int, float> scoreOf)
    {
        if (count >= Count)
            return;
        for (int i = 0; i < Count; i++)
            scores[i] = scoreOf(members[i]);
        int low = 0, high = Count - 1, border = Count - count;
        while (low < high)
        {
            float pivot = scores[(low + high) / 2];
            int i = low, j = high;
            while (i <= j)
            {
                while (scores[i] < pivot)
                    i++;
                while (scores[j] > pivot)
                    j--;
                if (i <= j)
                    Swap(i++, j--);
            }

            if (border <= j)
                high = j;
            else if (border >= i)
                low = i;
            else
                return;
        }
    }

    private void Swap(int i, int j)
    {
        (scores[i], scores[j]) = (scores[j], scores[i]);
        (members[i], members[j]) = (members[j], members[i]);
        placeOf[members[i]] = i;
        placeOf[members[j]] = j;
    }
}
