//! Which items of a module are public, each as one line without bodies, comments and private members.

use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item, ItemImpl, Visibility};

/// Adds a line for each public item, and for each public member of one.
pub(super) fn list(items: &[Item], module: &str, lines: &mut Vec<String>) {
    for item in items {
        list_one(item, module, lines);
    }
}

fn list_one(item: &Item, module: &str, lines: &mut Vec<String>) {
    let mut add = |shown: String| lines.push(format!("{module}: {shown}\n"));
    match item {
        Item::Mod(inner) if is_public(&inner.vis) => add(format!("pub mod {}", inner.ident)),
        Item::Use(used) if is_public(&used.vis) => add(text(used)),
        Item::Const(constant) if is_public(&constant.vis) => {
            let (name, kind) = (&constant.ident, text(&constant.ty));
            add(format!("pub const {name}: {kind}"));
        }
        Item::Static(constant) if is_public(&constant.vis) => {
            let (name, kind) = (&constant.ident, text(&constant.ty));
            add(format!("pub static {name}: {kind}"));
        }
        Item::Type(alias) if is_public(&alias.vis) => add(text(alias)),
        Item::Fn(function) if is_public(&function.vis) => {
            add(format!("pub {}", text(&function.sig)));
        }
        Item::Trait(declared) if is_public(&declared.vis) => {
            let mut shown = declared.clone();
            let members = std::mem::take(&mut shown.items);
            strip(&mut shown.attrs);
            add(text(&shown));
            for member in members {
                if let syn::TraitItem::Fn(function) = member {
                    let (name, provided) = (&declared.ident, function.default.is_some());
                    let provided = if provided { " { provided }" } else { "" };
                    add(format!("trait {name}: {}{provided}", text(&function.sig)));
                }
            }
        }
        Item::Struct(declared) if is_public(&declared.vis) => {
            let mut shown = declared.clone();
            strip(&mut shown.attrs);
            let name = shown.ident.clone();
            for (place, field) in std::mem::replace(&mut shown.fields, Fields::Unit)
                .iter()
                .enumerate()
            {
                let place = syn::Index::from(place).index.to_string();
                let member = field.ident.as_ref().map_or(place, ToString::to_string);
                // A private member counts only as one that keeps others from writing the struct.
                if is_public(&field.vis) {
                    add(format!("struct {name}: pub {member}: {}", text(&field.ty)));
                } else {
                    add(format!("struct {name}: private members"));
                }
            }
            add(text(&shown));
        }
        Item::Enum(declared) if is_public(&declared.vis) => {
            let mut shown = declared.clone();
            strip(&mut shown.attrs);
            for mut variant in std::mem::take(&mut shown.variants) {
                strip(&mut variant.attrs);
                variant
                    .fields
                    .iter_mut()
                    .for_each(|field| strip(&mut field.attrs));
                add(format!("enum {}: {}", shown.ident, text(&variant)));
            }
            add(text(&shown));
        }
        Item::Impl(block) => list_impl(block, module, lines),
        _ => {}
    }
}

/// An implementation of a trait is one line, whoever may name its type; else each public member is.
fn list_impl(block: &ItemImpl, module: &str, lines: &mut Vec<String>) {
    let (generics, kind) = (text(&block.generics), text(&block.self_ty));
    if let Some((_, implemented, _)) = &block.trait_ {
        let implemented = text(implemented);
        lines.push(format!(
            "{module}: impl{generics} {implemented} for {kind}\n"
        ));
        return;
    }
    for member in &block.items {
        let shown = match member {
            ImplItem::Fn(function) if is_public(&function.vis) => text(&function.sig),
            ImplItem::Const(constant) if is_public(&constant.vis) => {
                format!("const {}: {}", constant.ident, text(&constant.ty))
            }
            _ => continue,
        };
        lines.push(format!("{module}: impl{generics} {kind}: pub {shown}\n"));
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// What others see of an item is which traits it derives, and whether it may grow.
fn strip(attributes: &mut Vec<Attribute>) {
    attributes.retain(|attribute| {
        let path = attribute.path();
        path.is_ident("derive") || path.is_ident("non_exhaustive") || path.is_ident("must_use")
    });
}

/// The tokens, with one space between them where quote puts one.
fn text(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let text: Vec<&str> = text.split_whitespace().collect();
    let mut text = text.join(" ");
    for (apart, together) in [
        (" :: ", "::"),
        ("& ", "&"),
        (" ,", ","),
        (" ;", ";"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" :", ":"),
        ("# [", "#["),
    ] {
        text = text.replace(apart, together);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(source: &str) -> Vec<String> {
        let mut lines = Vec::new();
        list(&syn::parse_file(source).unwrap().items, "m", &mut lines);
        lines
    }

    #[test]
    fn public_items_are_listed_without_their_bodies() {
        let source = "pub fn f(a: &str) -> Option<u8> { None } fn g() {} pub(crate) fn h() {}";
        assert_eq!(listed(source), ["m: pub fn f(a: &str) -> Option<u8>\n"]);
    }

    #[test]
    fn private_members_and_documentation_are_not_shown() {
        let source = "/// A.\n#[non_exhaustive] pub struct A { /// B.\n pub b: u8, c: u16 }";
        assert_eq!(
            listed(source),
            [
                "m: struct A: pub b: u8\n",
                "m: struct A: private members\n",
                "m: #[non_exhaustive] pub struct A;\n",
            ]
        );
    }

    #[test]
    fn members_of_implementations_are_listed() {
        let source = "impl A { pub const N: u8 = 1; pub fn f(&self) {} fn g() {} } impl T for A {}";
        assert_eq!(
            listed(source),
            [
                "m: impl A: pub const N: u8\n",
                "m: impl A: pub fn f(&self)\n",
                "m: impl T for A\n"
            ]
        );
    }
}
