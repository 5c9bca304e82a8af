//! Which file leans on which: every import and every path, followed through re-exports to where its name is defined.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::{Import, Source};

/// One file leans on another.
pub(super) struct Arrow {
    pub from: usize,
    pub to: usize,
    pub line: usize,
    pub path: String,
    /// It only passes a name on, and does not use it itself.
    pub passed_on: bool,
}

/// All modules of the crate by their names, and what stands in each.
pub(super) struct Map<'a> {
    sources: &'a [Source],
    modules: BTreeMap<&'a [String], (usize, BTreeSet<&'a str>)>,
}

/// What a path means.
enum Meaning {
    /// A module as a whole.
    Module(usize),
    /// Something that is defined in this file.
    Item(usize),
    /// Something of another crate, or a name that no path leads to.
    Outside,
}

impl<'a> Map<'a> {
    /// Enters every module of every source.
    pub(super) fn new(sources: &'a [Source]) -> Map<'a> {
        let mut modules = BTreeMap::new();
        for (file, source) in sources.iter().enumerate() {
            // The program's own file has no names that others could reach.
            if source.path == "src/main.rs" {
                continue;
            }
            for (module, names) in &source.modules {
                modules.insert(module.as_slice(), (file, names.iter().map(String::as_str).collect()));
            }
        }
        Map { sources, modules }
    }

    /// Lists every arrow from one file to another, once for each path.
    pub(super) fn arrows(&self) -> Vec<Arrow> {
        let mut arrows = Vec::new();
        for (from, source) in self.sources.iter().enumerate() {
            for import in &source.imports {
                let target = match self.meaning(&import.within, &import.path, 0) {
                    Meaning::Module(file) if import.name.is_none() => file,
                    Meaning::Item(file) => file,
                    Meaning::Module(_) | Meaning::Outside => continue,
                };
                let used = |name: &String| source.paths.iter().any(|named| named.path.first() == Some(name));
                let passed_on = import.public && !import.name.as_ref().is_some_and(used);
                let path = import.path.join("::");
                arrows.push(Arrow { from, to: target, line: import.line, path, passed_on });
            }
            for named in source.paths.iter().filter(|named| named.path.len() > 1) {
                if let Meaning::Item(to) = self.meaning(&named.within, &named.path, 0) {
                    let path = named.path.join("::");
                    arrows.push(Arrow { from, to, line: named.line, path, passed_on: false });
                }
            }
        }
        arrows.retain(|arrow| arrow.from != arrow.to);
        arrows
    }

    /// Says whether a path leads to something of this crate.
    pub(super) fn is_own(&self, import: &Import) -> bool {
        !matches!(self.meaning(&import.within, &import.path, 0), Meaning::Outside)
    }

    fn meaning(&self, within: &[String], path: &[String], depth: usize) -> Meaning {
        match self.absolute(within, path, depth) {
            Some(path) => self.defined(&path, depth),
            None => Meaning::Outside,
        }
    }

    /// Returns a path from the root of the crate; none for one that begins with another crate or a local name.
    fn absolute(&self, within: &[String], path: &[String], depth: usize) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let mut start = match first.as_str() {
            "crate" | "chanlife" => return Some(rest.to_vec()),
            "self" => within.to_vec(),
            "super" => within.split_last()?.1.to_vec(),
            name => {
                let child: Vec<String> = within.iter().chain([first]).cloned().collect();
                if self.modules.contains_key(child.as_slice()) {
                    return Some(child.into_iter().chain(rest.iter().cloned()).collect());
                }
                let import = self.import(within, name)?;
                let before = self.absolute(within, &import.path, deeper(depth)?)?;
                return Some(before.into_iter().chain(rest.iter().cloned()).collect());
            }
        };
        let mut rest = rest;
        while let [first, behind @ ..] = rest
            && first == "super"
        {
            start.pop();
            rest = behind;
        }
        start.extend(rest.iter().cloned());
        Some(start)
    }

    /// The import of a module that brings in a name, unless its path begins with that same name.
    fn import(&self, within: &[String], name: &str) -> Option<&Import> {
        let (file, _) = self.modules.get(within)?;
        self.sources[*file].imports.iter().find(|import| {
            import.within == within
                && import.name.as_deref() == Some(name)
                && import.path.first().is_some_and(|first| first != name)
        })
    }

    fn defined(&self, path: &[String], depth: usize) -> Meaning {
        let known = (0..=path.len()).rev().find(|end| self.modules.contains_key(&path[..*end]));
        let Some(end) = known else { return Meaning::Outside };
        let (module, rest) = path.split_at(end);
        let (file, names) = &self.modules[module];
        let Some((name, behind)) = rest.split_first() else { return Meaning::Module(*file) };
        let (false, Some(deep)) = (names.contains(name.as_str()), deeper(depth)) else {
            return Meaning::Item(*file);
        };
        if let Some(import) = self.import(module, name) {
            let target: Vec<String> = import.path.iter().chain(behind).cloned().collect();
            return self.meaning(module, &target, deep);
        }
        let stars = self.sources[*file]
            .imports
            .iter()
            .filter(|import| import.within == module && import.name.is_none() && import.public);
        for star in stars {
            let target: Vec<String> = star.path.iter().chain(rest).cloned().collect();
            if let Some(path) = self.absolute(module, &target, deep)
                && let Some((_, names)) = self.modules.get(&path[..path.len() - rest.len()])
                && names.contains(name.as_str())
            {
                return self.defined(&path, deep);
            }
        }
        // A macro for all (`#[macro_export]`) is named from the root, wherever it stands.
        let exported = || self.modules.values().find(|(_, names)| names.contains(name.as_str()));
        let found = if module.is_empty() { exported() } else { None };
        Meaning::Item(found.map_or(*file, |(file, _)| *file))
    }
}

fn deeper(depth: usize) -> Option<usize> {
    (depth < 16).then_some(depth + 1)
}

/// Groups files that lean on each other in a circle; each group has two or more.
pub(super) fn circles(count: usize, arrows: &[Arrow]) -> Vec<Vec<usize>> {
    let mut next: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); count];
    for arrow in arrows.iter().filter(|arrow| !arrow.passed_on) {
        next[arrow.from].insert(arrow.to);
    }
    let reached: Vec<BTreeSet<usize>> = (0..count).map(|from| reached(from, &next)).collect();
    let mut seen = BTreeSet::new();
    let mut groups = Vec::new();
    for file in 0..count {
        let group: Vec<usize> = (0..count)
            .filter(|other| reached[file].contains(other) && reached[*other].contains(&file))
            .collect();
        if group.len() > 1 && seen.insert(group.clone()) {
            groups.push(group);
        }
    }
    groups
}

fn reached(from: usize, next: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        for other in &next[file] {
            if found.insert(*other) {
                open.push(*other);
            }
        }
    }
    found
}
