//! The sources as the compiler reads them: what each file imports, names, defines and writes in quotes.
//!
//! Code for tests only (`#[cfg(test)]`) and attributes are left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItemFn, Item, ItemFn, Signature, TraitItemFn, UseTree, Visibility};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// One source file, taken apart.
pub(crate) struct Source {
    /// From the folder of the project, such as `src/store/mod.rs`.
    pub path: String,
    pub text: String,
    pub imports: Vec<Import>,
    pub paths: Vec<Named>,
    pub macros: Vec<(String, usize)>,
    pub literals: Vec<(String, usize)>,
    pub types: Vec<(String, usize)>,
    pub functions: Vec<Function>,
    /// Every module in it by its names within the crate, such as `["store", "schema"]`: first its own, then those
    /// written in line; each with the names of what it defines.
    pub modules: Vec<(Vec<String>, Vec<String>)>,
}

/// One name that a `use` brings in.
pub(crate) struct Import {
    /// The module that imports, which may be one written in line.
    pub within: Vec<String>,
    pub path: Vec<String>,
    /// The name it has from then on; none for `*`.
    pub name: Option<String>,
    pub renamed: bool,
    pub public: bool,
    pub line: usize,
}

/// A path in an expression, a type, a pattern or a macro.
pub(crate) struct Named {
    pub within: Vec<String>,
    pub path: Vec<String>,
    pub line: usize,
}

pub(crate) struct Function {
    pub name: String,
    pub public: bool,
    pub doc: Option<String>,
    pub line: usize,
    pub lines: usize,
}

/// Lists the files below a folder of the project that end with `.rs`, by name.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(ROOT).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no sources");
    found.sort();
    found
}

/// Returns the path of a file from the folder of the project.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(ROOT).expect("within the project").display().to_string()
}

/// Parses every source of the program, once for all rules.
pub(crate) fn sources() -> &'static [Source] {
    static SOURCES: LazyLock<Vec<Source>> =
        LazyLock::new(|| files("src").iter().map(|path| read(path)).collect());
    &SOURCES
}

fn read(path: &Path) -> Source {
    parse(&shown(path), &fs::read_to_string(path).expect("readable"))
}

/// Takes one source apart, which is named as from the folder of the project.
pub(crate) fn parse(path: &str, text: &str) -> Source {
    let file = syn::parse_file(text).expect("Rust");
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut module: Vec<String> = inside.split('/').map(ToOwned::to_owned).collect();
    if ["mod", "lib"].contains(&module.last().expect("a name").as_str()) {
        module.pop();
    }
    let source = Source {
        path: path.to_owned(),
        text: text.to_owned(),
        imports: Vec::new(),
        paths: Vec::new(),
        macros: Vec::new(),
        literals: Vec::new(),
        types: Vec::new(),
        functions: Vec::new(),
        modules: vec![(module.clone(), Vec::new())],
    };
    let mut reader = Reader { source, within: module, open: 0, in_trait: false };
    reader.visit_file(&file);
    reader.source
}

struct Reader {
    source: Source,
    within: Vec<String>,
    /// Where in `source.modules` the module stands whose items are read.
    open: usize,
    in_trait: bool,
}

impl Reader {
    fn named(&mut self, path: Vec<String>, line: usize) {
        self.source.paths.push(Named { within: self.within.clone(), path, line });
    }

    fn defined(&mut self, name: String) {
        self.source.modules[self.open].1.push(name);
    }

    fn kind(&mut self, name: &syn::Ident) {
        self.defined(name.to_string());
        self.source.types.push((name.to_string(), name.span().start().line));
    }

    fn function(&mut self, signature: &Signature, end: usize, public: bool, attributes: &[Attribute]) {
        let line = signature.span().start().line;
        let lines = end + 1 - line;
        let name = signature.ident.to_string();
        self.source.functions.push(Function { name, public, doc: doc(attributes), line, lines });
    }

    fn import(&mut self, tree: &UseTree, before: &[String], public: bool) {
        let mut path = before.to_vec();
        let (name, renamed, line) = match tree {
            UseTree::Path(part) => {
                path.push(part.ident.to_string());
                return self.import(&part.tree, &path, public);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, before, public);
                }
                return;
            }
            UseTree::Name(part) => {
                let line = part.ident.span().start().line;
                if part.ident != "self" {
                    path.push(part.ident.to_string());
                }
                (path.last().cloned(), false, line)
            }
            UseTree::Rename(part) => {
                if part.ident != "self" {
                    path.push(part.ident.to_string());
                }
                (Some(part.rename.to_string()), true, part.ident.span().start().line)
            }
            UseTree::Glob(glob) => (None, false, glob.star_token.span().start().line),
        };
        self.source.imports.push(Import { within: self.within.clone(), path, name, renamed, public, line });
    }

    /// Reads paths and texts out of the words of a macro, which have no grammar.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut line = 0;
        let mut colons = 0;
        let mut comment = false;
        for token in tokens {
            match token {
                TokenTree::Ident(word) => {
                    comment = word == "doc";
                    if colons != 2 {
                        self.named(std::mem::take(&mut path), line);
                        line = word.span().start().line;
                    }
                    path.push(word.to_string());
                    colons = 0;
                    continue;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' && !path.is_empty() => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(_) if comment => {}
                TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                        self.source.literals.push((text.value(), literal.span().start().line));
                    }
                }
                TokenTree::Punct(_) => {}
            }
            self.named(std::mem::take(&mut path), line);
            colons = 0;
        }
        self.named(path, line);
    }
}

impl<'a> Visit<'a> for Reader {
    fn visit_attribute(&mut self, _: &'a Attribute) {}

    fn visit_item(&mut self, item: &'a Item) {
        match item {
            Item::Const(item) => self.defined(item.ident.to_string()),
            Item::Static(item) => self.defined(item.ident.to_string()),
            Item::Macro(item) => {
                self.defined(item.ident.as_ref().map(ToString::to_string).unwrap_or_default());
            }
            Item::Struct(item) => self.kind(&item.ident),
            Item::Enum(item) => self.kind(&item.ident),
            Item::Trait(item) => self.kind(&item.ident),
            Item::Type(item) => self.kind(&item.ident),
            Item::Union(item) => self.kind(&item.ident),
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        if item.content.is_none() || tests_only(&item.attrs) {
            return;
        }
        self.within.push(item.ident.to_string());
        let outside = self.open;
        self.open = self.source.modules.len();
        self.source.modules.push((self.within.clone(), Vec::new()));
        visit::visit_item_mod(self, item);
        self.open = outside;
        self.within.pop();
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        self.import(&item.tree, &[], !matches!(item.vis, Visibility::Inherited));
    }

    fn visit_item_fn(&mut self, item: &'a ItemFn) {
        if tests_only(&item.attrs) {
            return;
        }
        self.defined(item.sig.ident.to_string());
        let end = item.block.span().end().line;
        self.function(&item.sig, end, !matches!(item.vis, Visibility::Inherited), &item.attrs);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'a ImplItemFn) {
        let end = item.block.span().end().line;
        self.function(&item.sig, end, !matches!(item.vis, Visibility::Inherited), &item.attrs);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_item_trait(&mut self, item: &'a syn::ItemTrait) {
        self.in_trait = !matches!(item.vis, Visibility::Inherited);
        visit::visit_item_trait(self, item);
        self.in_trait = false;
    }

    fn visit_trait_item_fn(&mut self, item: &'a TraitItemFn) {
        let end = item.span().end().line;
        self.function(&item.sig, end, self.in_trait, &item.attrs);
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let parts = path.segments.iter().map(|part| part.ident.to_string()).collect();
        self.named(parts, path.span().start().line);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        let name = call.path.segments.last().expect("a name").ident.to_string();
        self.source.macros.push((name, call.path.span().start().line));
        self.tokens(call.tokens.clone());
    }

    fn visit_lit_str(&mut self, text: &'a syn::LitStr) {
        self.source.literals.push((text.value(), text.span().start().line));
    }
}

fn tests_only(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}

/// The text of the comments before an item.
fn doc(attributes: &[Attribute]) -> Option<String> {
    let lines: Vec<String> = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(pair) => match &pair.value {
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => {
                    Some(text.value().trim().to_owned())
                }
                _ => None,
            },
            _ => None,
        })
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
