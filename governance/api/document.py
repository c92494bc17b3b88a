"""What the OpenAPI document says about tokens."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from governance.api.access import TokenAuthentication


class TokenScheme(OpenApiAuthenticationExtension):
    """`Authorization: Bearer …`."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """The scheme as OpenAPI writes it."""
        return {"type": "http", "scheme": "bearer", "description": "接口令牌 an interface token"}


__all__ = ["TokenScheme"]
