//! Boxed types, so that users can name the layer's own.

use std::error::Error;
use std::pin::Pin;

pub(super) type BoxError = Box<dyn Error + Send + Sync>;

pub(super) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
