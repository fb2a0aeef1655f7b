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
