//! Which types are text, as far as their names tell.

/// Whether a type is one of text, by its name.
pub(super) fn is_text_type(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Reference(reference) => is_text_type(&reference.elem),
        syn::Type::Paren(paren) => is_text_type(&paren.elem),
        syn::Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return false };
            let name = last.ident.to_string();
            let inner = || {
                let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return false };
                arguments.args.iter().any(|a| matches!(a, syn::GenericArgument::Type(ty) if is_text_type(ty)))
            };
            matches!(name.as_str(), "str" | "String" | "SqlStr")
                || (matches!(
                    name.as_str(),
                    "Cow" | "Arc" | "Box" | "Rc" | "LazyLock" | "Lazy" | "OnceLock" | "OnceCell"
                ) && inner())
        }
        syn::Type::ImplTrait(bounds) => bounds.bounds.iter().any(is_text_bound),
        _ => false,
    }
}

/// Whether a parameter takes text: by its type, or by what its generic type must be.
pub(super) fn takes_text(ty: &syn::Type, generics: &syn::Generics) -> bool {
    let mut plain = ty;
    while let syn::Type::Reference(reference) = plain {
        plain = &reference.elem;
    }
    let syn::Type::Path(path) = plain else { return is_text_type(ty) };
    let Some(name) = path.path.get_ident() else { return is_text_type(ty) };
    let of_parameter = generics.type_params().filter(|parameter| parameter.ident == *name).flat_map(|p| &p.bounds);
    let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let of_where = predicates.filter_map(|predicate| match predicate {
        syn::WherePredicate::Type(bounded) => match &bounded.bounded_ty {
            syn::Type::Path(path) if path.path.is_ident(name) => Some(&bounded.bounds),
            _ => None,
        },
        _ => None,
    });
    is_text_type(ty) || of_parameter.chain(of_where.flatten()).any(is_text_bound)
}

/// Whether a bound is `AsRef<str>`, `Into<String>`, `ToString` or the like.
fn is_text_bound(bound: &syn::TypeParamBound) -> bool {
    let syn::TypeParamBound::Trait(bound) = bound else { return false };
    let Some(last) = bound.path.segments.last() else { return false };
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().any(|a| matches!(a, syn::GenericArgument::Type(ty) if is_text_type(ty)))
        }
        _ => matches!(last.ident.to_string().as_str(), "ToString" | "SqlSafeStr"),
    }
}

/// Whether a type is one of whole numbers.
pub(super) fn is_number_type(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Reference(reference) => is_number_type(&reference.elem),
        syn::Type::Paren(paren) => is_number_type(&paren.elem),
        syn::Type::Path(path) => path.path.get_ident().is_some_and(|name| {
            let name = name.to_string();
            let width = name.strip_prefix(['i', 'u']).unwrap_or("");
            matches!(width, "8" | "16" | "32" | "64" | "128" | "size")
        }),
        _ => false,
    }
}

/// The name of a type, behind references.
pub(super) fn name_of(ty: &syn::Type) -> Option<String> {
    match ty {
        syn::Type::Reference(reference) => name_of(&reference.elem),
        syn::Type::Paren(paren) => name_of(&paren.elem),
        syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

/// Whether a type is an `Option` of a whole number.
pub(super) fn is_optional_number(ty: &syn::Type) -> bool {
    let syn::Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last().filter(|last| last.ident == "Option") else { return false };
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return false };
    arguments.args.iter().any(|a| matches!(a, syn::GenericArgument::Type(ty) if is_number_type(ty)))
}
