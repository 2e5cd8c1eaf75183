"""Line charts as SVG, for the scripts beside this one; nothing but Python is needed."""
import html
import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 300, 64, 24, 62, 44
COLOURS = ["#3987e5", "#e0793a", "#2fa37c", "#b065d8"]


def ticks(low, high, about):
    """Multiples of 1, 2 or 5 times a power of ten from `low` to `high`, some `about` of them."""
    rough = (high - low) / about
    power = 10 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough * 0.999)
    return [i * step for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def decades(low, high):
    """1, 2 and 5 times powers of ten from `low` to `high`; powers of ten alone, where these are many."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    factors = (1, 2, 5) if high < 100 * low else (1,)
    return [m * 10.0 ** p for p in powers for m in factors if low <= m * 10.0 ** p <= high]


def line_chart(title, across, up, lines, logarithmic=False, marks=False, logarithmic_up=False):
    """An SVG picture. `lines`: (name, [(x, y), ...], dashed); `across` and `up` name the axes; `logarithmic`: x, with a tick at each x of
    the first line; `marks`: a dot at each point; `logarithmic_up`: y."""
    xs, ys = ([p[i] for _, points, _ in lines for p in points] for i in (0, 1))
    place = math.log if logarithmic else float
    rise = math.log if logarithmic_up else float
    low, high = min(ys), max(ys)
    if logarithmic_up:
        low, high = low / 1.3, high * 1.3
    else:
        margin = 0.05 * ((high - low) or 1)
        low, high = (low if 0 <= low < 2 * margin else low - margin), high + margin

    def x_of(x):
        return LEFT + (place(x) - place(min(xs))) / (place(max(xs)) - place(min(xs))) * (WIDTH - LEFT - RIGHT)

    def y_of(y):
        return HEIGHT - BOTTOM - (rise(y) - rise(low)) / (rise(high) - rise(low)) * (HEIGHT - TOP - BOTTOM)

    def text(x, y, anchor, words, more=""):
        return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{html.escape(words)}</text>'

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12" fill="#333">',
             '<rect width="100%" height="100%" fill="white"/>', text(LEFT, 22, "start", title, 'font-size="15" font-weight="600"')]
    for tick in decades(low, high) if logarithmic_up else ticks(low, high, 5):
        parts.append(f'<path d="M{LEFT} {y_of(tick):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
                     + text(LEFT - 8, y_of(tick) + 4, "end", f"{tick:g}"))
    for tick in [x for x, _ in lines[0][1]] if logarithmic else ticks(min(xs), max(xs), 6):
        parts.append(f'<path d="M{x_of(tick):.1f} {HEIGHT - BOTTOM}v5" stroke="#888"/>'
                     + text(x_of(tick), HEIGHT - BOTTOM + 19, "middle", f"{tick:g}"))
    parts.append(f'<path d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}" stroke="#888"/>')
    parts += [text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 7, "middle", across), text(LEFT - 8, TOP - 14, "end", up)]
    legend = LEFT
    for i, (name, points, dashed) in enumerate(lines):
        style = f'fill="none" stroke="{COLOURS[i % len(COLOURS)]}" stroke-width="2"' + (' stroke-dasharray="6 4"' if dashed else "")
        parts.append(f'<path d="M{"L".join(f"{x_of(x):.1f} {y_of(y):.1f}" for x, y in points)}" {style}/>')
        if marks:
            parts += [f'<circle cx="{x_of(x):.1f}" cy="{y_of(y):.1f}" r="3" fill="{COLOURS[i % len(COLOURS)]}"/>' for x, y in points]
        parts.append(f'<path d="M{legend} 41h22" {style}/>' + text(legend + 28, 45, "start", name))
        legend += 48 + 7 * len(name)
    return "\n".join(parts + ["</svg>\n"])


def save(path, picture):
    with open(path, "w", encoding="utf-8") as file:
        file.write(picture)
