//! Charts as SVG that stands in the page. Colours are the page's, so that they follow light and dark mode: each is
//! drawn in a colour that stands for a CSS variable, and replaced in the text.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

const WIDTH: u32 = 760;
/// Where bars begin and end; to the left stand names, to the right values.
const LEFT: i32 = 230;
const RIGHT: i32 = 680;
const TOP: i32 = 8;

const INK: RGBColor = RGBColor(1, 0, 1);
const FAINT: RGBColor = RGBColor(1, 0, 2);
/// A bar's colour: a variable of the page.
#[derive(Clone, Copy)]
pub enum Tone {
    /// What the page is about.
    Ours,
    Other,
    Rival,
    Good,
    Bad,
}

const TONES: [(RGBColor, &str); 5] = [
    (RGBColor(2, 0, 1), "var(--ours)"),
    (RGBColor(2, 0, 2), "var(--other)"),
    (RGBColor(2, 0, 3), "var(--rival)"),
    (RGBColor(2, 0, 4), "var(--good)"),
    (RGBColor(2, 0, 5), "var(--bad)"),
];

/// One or more bars under one name.
pub struct Group {
    pub name: String,
    /// `None` for one without a figure.
    pub bars: Vec<(Option<f64>, Tone, bool)>,
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// Bars to the right. The second and later bar of a group are drawn paler if they say so.
pub fn bars(groups: &[Group], format: impl Fn(f64) -> String) -> String {
    let most = groups.iter().flat_map(|group| &group.bars).filter_map(|bar| bar.0).fold(f64::MIN_POSITIVE, f64::max);
    let bar_height = if groups.iter().any(|group| group.bars.len() > 1) { 13 } else { 17 };
    let height: i32 = groups.iter().map(|group| group.bars.len() as i32 * bar_height + 9).sum();
    drawn((height + 2 * TOP) as u32, |area| {
        let mut y = TOP;
        for group in groups {
            let tall = group.bars.len() as i32 * bar_height;
            text(area, &group.name, (LEFT - 10, y + tall / 2), HPos::Right, INK)?;
            for (value, tone, pale) in &group.bars {
                let length = value.map_or(0.0, |value| value / most * f64::from(RIGHT - LEFT));
                let end = LEFT + (length.round() as i32).max(1);
                let colour = TONES[*tone as usize].0.mix(if *pale { 0.45 } else { 1.0 });
                area.draw(&Rectangle::new([(LEFT, y + 1), (end, y + bar_height - 1)], colour.filled()))?;
                let label = value.map_or("no figure".to_owned(), &format);
                text(area, &label, (end + 6, y + bar_height / 2), HPos::Left, FAINT)?;
                y += bar_height;
            }
            y += 9;
        }
        Ok(())
    })
}

/// Dots left and right of 1, with a line at `limit`; `low` and `high` are the ends of the scale.
pub fn dots(rows: &[(String, f64)], limit: f64, low: f64, high: f64) -> String {
    const STEP: i32 = 17;
    let x = |value: f64| LEFT + ((value.clamp(low, high) - low) / (high - low) * f64::from(RIGHT + 30 - LEFT)) as i32;
    drawn((rows.len() as i32 * STEP + 2 * TOP + 22) as u32, |area| {
        let bottom = TOP + 20 + rows.len() as i32 * STEP;
        for value in [0.7, 0.8, 0.9, 1.0, 1.1] {
            if (low..=high).contains(&value) {
                let style = if value == 1.0 { INK.stroke_width(1) } else { FAINT.mix(0.3).stroke_width(1) };
                area.draw(&PathElement::new([(x(value), TOP + 16), (x(value), bottom)], style))?;
                text(area, &format!("{value:.1}"), (x(value), TOP + 6), HPos::Center, FAINT)?;
            }
        }
        let line = TONES[Tone::Bad as usize].0.stroke_width(1);
        area.draw(&PathElement::new([(x(limit), TOP + 16), (x(limit), bottom)], line))?;
        for (place, (name, value)) in rows.iter().enumerate() {
            let y = TOP + 20 + place as i32 * STEP + STEP / 2;
            let tone = match *value {
                value if value > limit => Tone::Bad,
                value if value < 1.0 => Tone::Good,
                _ => Tone::Other,
            };
            let colour = TONES[tone as usize].0;
            area.draw(&PathElement::new([(x(1.0), y), (x(*value), y)], colour.mix(0.5).stroke_width(3)))?;
            area.draw(&Circle::new((x(*value), y), 4, colour.filled()))?;
            text(area, name, (LEFT - 10, y), HPos::Right, INK)?;
            text(area, &format!("{value:.3}"), (RIGHT + 38, y), HPos::Left, FAINT)?;
        }
        Ok(())
    })
}

fn text(area: &Area<'_>, words: &str, place: (i32, i32), side: HPos, colour: RGBColor) -> Drawn {
    let style = ("sans-serif", 12).into_font().color(&colour).pos(Pos::new(side, VPos::Center));
    area.draw(&Text::new(words.to_owned(), place, style))
}

fn drawn(height: u32, draw: impl FnOnce(&Area<'_>) -> Drawn) -> String {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        draw(&area).and_then(|()| area.present()).expect("text can be written to");
    }
    let named = [(INK, "var(--ink)"), (FAINT, "var(--faint)")];
    for (RGBColor(r, g, b), variable) in named.into_iter().chain(TONES) {
        svg = svg.replace(&format!("#{r:02X}{g:02X}{b:02X}"), variable);
    }
    svg
}
