// Draws the OpenAPI document of this server; nothing is fetched from anywhere else.
(() => {
  const place = document.getElementById("api-documentation");
  if (!place || !window.SwaggerUIBundle) return;
  window.SwaggerUIBundle({
    url: place.dataset.document,
    domNode: place,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    deepLinking: true,
    validatorUrl: null,
    defaultModelsExpandDepth: 0,
    docExpansion: "list",
    supportedSubmitMethods: ["get"],
    tryItOutEnabled: false,
  });
})();
